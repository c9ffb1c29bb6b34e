import { randomUUID } from 'node:crypto';
import {
  jsonEvent,
  type AllStreamRecordedEvent,
  type AllStreamSubscription,
  type AppendToStreamOptions,
  type EventStoreDBClient,
  type JSONEventData,
  type Position,
} from '@eventstore/db-client';

/** A stream nobody has used before, so that the database need not be empty. */
export const fresh = (prefix = 'double'): string => `${prefix}-${randomUUID()}`;

export const event = (type = 'tested', id: string = randomUUID(), data: unknown = { n: 1 }): JSONEventData =>
  jsonEvent({ id, type, data: data as Record<string, unknown> });

export const events = (count: number): JSONEventData[] => Array.from({ length: count }, () => event());

/** The client's two ways of appending: credentials, even useless ones, make it take the unary one. */
export const ways: readonly (readonly [string, AppendToStreamOptions])[] = [
  ['in a batch stream', {}],
  ['in a call of its own', { credentials: { username: 'admin', password: 'changeit' } }],
];

/** Everything a read yields. Read to the end: a client whose read was left half-way cannot be disposed of. */
export async function all<T>(read: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of read) items.push(item);
  return items;
}

/** The first attempt that succeeds, of a few: a client may learn only by a failing call that its connection is gone. */
export async function insist<T>(attempt: () => Promise<T>, attempts = 5): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await attempt();
    } catch (error) {
      if (n === attempts) throw error;
    }
  }
}

export interface Heard {
  readonly events: AllStreamRecordedEvent[];
  readonly checkpoints: Position[];
  /** Types of events, `checkpoint` and `caught up`, in the order they came. */
  readonly order: string[];
  caughtUp: number;
}

/** What a subscription to `$all` says until a condition holds; then it is ended. */
export async function heard(
  client: EventStoreDBClient,
  options: Parameters<EventStoreDBClient['subscribeToAll']>[0],
  until: (heard: Heard) => boolean,
  onCaughtUp?: () => unknown,
): Promise<Heard> {
  const said: Heard = { events: [], checkpoints: [], order: [], caughtUp: 0 };
  let enough = (): void => undefined;
  const done = new Promise<void>((resolve) => (enough = () => until(said) && resolve()));
  const hear = (what: string, note: () => unknown): void => {
    said.order.push(what);
    note();
    enough();
  };
  const checkpointReached = async (_: AllStreamSubscription, position: Position) =>
    hear('checkpoint', () => said.checkpoints.push(position));
  const filter = options?.filter && { ...options.filter, checkpointReached };
  const subscription = client.subscribeToAll({ ...options, ...(filter && { filter }) });
  subscription.on('caughtUp', () => hear('caught up', () => said.caughtUp++ === 0 && onCaughtUp?.()));
  subscription.on('data', ({ event: one }) => hear(one!.type, () => said.events.push(one!)));
  const failed = new Promise<never>((_, reject) => subscription.on('error', reject));
  await Promise.race([done, failed]);
  await subscription.unsubscribe();
  return said;
}
