/** How long after it is first spoken of an execution that has a deadline must be over, in milliseconds. */
const DEADLINE_MS = 2_500;

/** What producers know of executions and tell each other, true or not any more. */
export class SharedKnowledge {
  private readonly attempts = new Map<string, number>();
  private readonly deadlines = new Map<string, string>();

  /** Which attempt is the current one, as far as anybody was told. */
  attempt(executionId: string): number | undefined {
    return this.attempts.get(executionId);
  }

  /** The moment at which it must be over: the same for all who register it. */
  deadline(executionId: string): string {
    const known = this.deadlines.get(executionId) ?? new Date(Date.now() + DEADLINE_MS).toISOString();
    this.deadlines.set(executionId, known);
    return known;
  }

  attemptIs(executionId: string, attempt: number): void {
    if (attempt > (this.attempts.get(executionId) ?? 0)) this.attempts.set(executionId, attempt);
  }
}
