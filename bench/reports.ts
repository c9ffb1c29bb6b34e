import type { Report } from '../src/domain/report.js';
import { STREAM_LENGTH } from './sample.js';

/** The reports of one execution in order: it is opened, makes progress, and succeeds with the last of them. */
export function reportOf(step: number): Report {
  const common = { kind: 'report', mode: 'fire_and_forget', authority: 'worker', description: {} } as const;
  if (step === 0) return { ...common, status: 'running', worker: 'runner-7' };
  if (step === STREAM_LENGTH - 1) return { ...common, status: 'succeeded', result: { ok: true } };
  return { ...common, progress: step * 10, message: `step ${step} of ${STREAM_LENGTH}` };
}
