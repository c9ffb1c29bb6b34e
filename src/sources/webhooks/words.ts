/** A family of types, and what its last word says of how an execution stands. */
export interface Family {
  readonly dialect: string;
  /** Finds in a type the kind of thing and the word. */
  readonly type: RegExp;
  readonly statuses: Readonly<Record<string, string>>;
  /** Words that say nothing of how it stands. */
  readonly ignored: ReadonlySet<string>;
}

/** The types of Standard Webhooks that tell of runs (OpenAI, "Webhook Events"; Claude Managed Agents, "Webhooks"). */
export const FAMILIES: readonly Family[] = [
  {
    dialect: 'openai',
    type: /^(response|batch|fine_tuning\.job|eval\.run)\.(\w+)$/,
    statuses: {
      created: 'pending',
      queued: 'queued',
      validating_files: 'queued',
      running: 'running',
      in_progress: 'running',
      finalizing: 'running',
      paused: 'paused',
      completed: 'succeeded',
      succeeded: 'succeeded',
      failed: 'failed',
      incomplete: 'failed',
      cancelled: 'cancelled',
      canceled: 'cancelled',
      expired: 'timeout',
    },
    ignored: new Set(),
  },
  {
    dialect: 'claude',
    type: /^(session)\.(\w+)$/,
    statuses: {
      created: 'pending',
      pending: 'pending',
      status_rescheduled: 'queued',
      status_run_started: 'running',
      running: 'running',
      status_idled: 'waiting',
      idled: 'waiting',
      requires_action: 'waiting',
      budget_reached: 'paused',
      status_terminated: 'failed',
    },
    ignored: new Set([
      ...['updated', 'archived', 'deleted', 'outcome_evaluation_ended'],
      ...['thread_created', 'thread_idled', 'thread_terminated'],
    ]),
  },
];
