import type { Answer } from '../../client/report.js';
import type { Child } from './child.js';

/** Why a program is ended before it ends. `over`: its attempt is closed, and nothing that it reports is taken any more. */
export interface StopReason {
  readonly kind: 'cancelled' | 'replaced' | 'timeout';
  readonly words: string;
  /** The revision that closed the attempt, of which the log says who did it. */
  readonly revision?: number;
}

/** What the ledger's answer means for a program that runs, if it has to stop. */
export function stopReasonOf({ verdict, current }: Pick<Answer, 'verdict' | 'current'>): StopReason | undefined {
  if (!current) return undefined;
  const { status, authority, attempt, revision } = current;
  if (status === 'cancelled') return { kind: 'cancelled', words: 'it was cancelled', revision };
  if (verdict === 'fenced') return { kind: 'replaced', words: `attempt ${attempt} has replaced it` };
  if (status === 'timeout' && authority === 'watchdog') return { kind: 'timeout', words: 'the ledger timed it out' };
  return undefined;
}

/** Ends a program: it is asked to end, and killed where it has not after a while. */
export class Stopper {
  reason: StopReason | undefined;

  constructor(
    private readonly child: Child,
    private readonly graceMs: number,
  ) {}

  /** The first reason stands. */
  stop(reason: StopReason): void {
    if (this.reason) return;
    this.reason = reason;
    this.child.signal('SIGTERM');
    setTimeout(() => this.child.signal('SIGKILL'), this.graceMs).unref();
  }
}
