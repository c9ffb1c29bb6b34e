import type { components } from '../../../client/openapi.js';
import { duration } from '../../shared/format.js';

type ExecutionSummary = components['schemas']['ExecutionSummary'];

/** The one thing that an execution says for itself in a list. */
export interface Remark {
  readonly text: string;
  readonly tone: 'plain' | 'late' | 'bad';
}

/** Silence first, since it is what the ledger itself says; then why it failed; then why it stands so; then its last word. */
export function said(execution: ExecutionSummary, now: number): Remark | undefined {
  const { silent, error, status_reason: reason, message } = execution;
  if (silent) return { text: `silent for ${duration(now - Date.parse(execution.last_activity_at))}`, tone: 'late' };
  if (error !== undefined && error !== '') return { text: error, tone: 'bad' };
  const text = [reason, message].find((each) => each !== undefined && each !== '');
  return text === undefined ? undefined : { text, tone: 'plain' };
}

/** How long an execution took, or has taken so far; nothing where it has not started. */
export function tookMs({ duration_ms: took, started_at: started, completed_at: ended }: ExecutionSummary, now: number) {
  if (took !== undefined) return took;
  return started === undefined || ended !== undefined ? undefined : Math.max(0, now - Date.parse(started));
}
