import type { AppendOutcome } from '../../../src/event-store/append-outcome.js';
import type { Append, EventStore } from '../../../src/event-store/event-store.js';

/** The calls that cost a round trip. */
export type Call = 'append' | 'appendMany' | 'readStream' | 'lastRevision' | 'readAll' | 'findEvent' | 'head';

/** A real store under watch: its calls are counted, and its appends can be held up, changed or made to fail. */
export interface WatchedStore extends EventStore {
  /** How often each call was made since the last {@link forget}. */
  readonly calls: Readonly<Record<Call, number>>;
  forget(): void;
  /** Stands before every append from now on; `undefined` takes it away. */
  beforeAppend(hook: AppendHook | undefined): void;
  /** Stands before every call from now on, appends included: what it throws is what the call fails with. */
  beforeCall(hook: ((call: Call) => void | Promise<void>) | undefined): void;
  /** Tells the store's users that its connection was lost. */
  reconnected(): void;
}
export type AppendHook = (append: Append, forward: () => Promise<AppendOutcome>) => Promise<AppendOutcome>;

const none = (): Record<Call, number> => ({
  append: 0,
  appendMany: 0,
  readStream: 0,
  lastRevision: 0,
  readAll: 0,
  findEvent: 0,
  head: 0,
});

export function watch(store: EventStore): WatchedStore {
  let calls = none();
  let hook: AppendHook | undefined;
  let before: ((call: Call) => void | Promise<void>) | undefined;
  const listeners = new Set<() => void>();
  const counted = <A extends unknown[], R>(name: Call, call: (...args: A) => Promise<R>) => {
    return (...args: A): Promise<R> => {
      calls[name]++;
      return before ? (async () => before!(name))().then(() => call(...args)) : call(...args);
    };
  };
  return {
    ...store,
    get calls() {
      return calls;
    },
    forget: () => void (calls = none()),
    beforeAppend: (next) => void (hook = next),
    beforeCall: (next) => void (before = next),
    reconnected: () => listeners.forEach((tell) => tell()),
    append: counted('append', (append: Append) => {
      const forward = (): Promise<AppendOutcome> => store.append(append);
      return hook ? hook(append, forward) : forward();
    }),
    appendMany: counted('appendMany', store.appendMany),
    readStream: counted('readStream', store.readStream),
    lastRevision: counted('lastRevision', store.lastRevision),
    readAll: counted('readAll', store.readAll),
    findEvent: counted('findEvent', store.findEvent),
    head: counted('head', store.head),
    onReconnect: (tell) => {
      listeners.add(tell);
      const stop = store.onReconnect(tell);
      return () => void (listeners.delete(tell), stop());
    },
  };
}
