const kinds = [
  'append',
  'batchAppend',
  'readStream',
  'readAll',
  'subscribe',
  'delete',
  'tombstone',
  'features',
  'gossip',
] as const;

/** The calls a node counts; `batchAppend` counts appends, not the streams they share. */
export type CallKind = (typeof kinds)[number];

export interface Calls extends Readonly<Record<CallKind, number>> {
  /** Subscriptions that stand right now. */
  readonly openSubscriptions: number;
  /** Events sent to readers and subscribers. */
  readonly eventsSent: number;
  /** Events of `$all` that were looked at for readers and for subscribers who caught up, sent or not. */
  readonly eventsConsidered: number;
}

const zeros = (): Record<CallKind, number> =>
  Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<CallKind, number>;

/** What was asked of a node since the last {@link CallCounter.forget}, to hold budgets against. */
export class CallCounter {
  #counts = zeros();
  #eventsSent = 0;
  readonly #subscriptions = new Set<symbol>();

  get calls(): Omit<Calls, 'eventsConsidered'> {
    return { ...this.#counts, eventsSent: this.#eventsSent, openSubscriptions: this.#subscriptions.size };
  }

  count(kind: CallKind): void {
    this.#counts[kind]++;
  }

  sent(): void {
    this.#eventsSent++;
  }

  /** Counts a subscription as open until the answer is called, however often. */
  subscribed(): () => void {
    const subscription = Symbol('subscription');
    this.#subscriptions.add(subscription);
    return () => void this.#subscriptions.delete(subscription);
  }

  forget(): void {
    this.#counts = zeros();
    this.#eventsSent = 0;
  }
}
