import { statusOf, type Ending } from './child.js';
import type { LastWords } from './last-words.js';

/** What is reported of a program that has ended. */
export interface Outcome {
  readonly status: 'succeeded' | 'failed' | 'timeout';
  readonly error?: string;
  readonly error_details?: string;
  readonly error_status_code?: number;
}

function errorOf(ending: Ending, lastWords: LastWords): string {
  if (ending.kind === 'killed') return `killed by ${ending.signal}`;
  if (ending.kind === 'not_started') return ending.why;
  return lastWords.lastLine ?? `ended with exit status ${ending.status}`;
}

/** What a program's end comes to. `tooLong` says why it was ended, where that was for the time that it took. */
export function outcomeOf(ending: Ending, lastWords: LastWords, tooLong?: string): Outcome {
  const status = statusOf(ending);
  if (status === 0 && tooLong === undefined) return { status: 'succeeded' };
  const details = lastWords.text;
  return {
    status: tooLong === undefined ? 'failed' : 'timeout',
    error: tooLong ?? errorOf(ending, lastWords),
    ...(details !== '' && { error_details: details }),
    error_status_code: status,
  };
}
