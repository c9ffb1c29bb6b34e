import { randomBytes, randomUUID } from 'node:crypto';

/** What is delivered, before it is signed and packed. */
export interface Delivery {
  /** The id of the delivery, where the dialect has one. */
  readonly id: string;
  readonly payload: unknown;
  /** What kind of delivery it is, where a header says so. */
  readonly event?: string;
}

/** What is told of some executions from their beginning to their end, in order. */
export interface Life {
  readonly ids: readonly string[];
  readonly told: readonly Delivery[];
}

/** A delivery as it is sent. */
export interface PackedDelivery {
  readonly text: string;
  readonly headers: Record<string, string>;
}

export interface Signing {
  readonly secret?: string;
  readonly at?: Date;
}

/** A system that delivers to the ledger in its dialect. */
export interface Sender {
  readonly name: string;
  /** As a caller of the tests gives it. */
  readonly path: string;
  /** The status of an answer to what was taken. */
  readonly taken: number;
  /** A life of executions under new ids. The second delivery is about the first of them, and so is `other`. */
  readonly life: () => Life;
  /** A payload that says something else under the id of this delivery. */
  readonly other: (told: Delivery) => unknown;
  /** Where the id of the execution stands in the second delivery. */
  readonly idAt: string;
  /** A delivery that the ledger has no use for. */
  readonly unknown: () => Delivery;
  /** The text as it is sent: signed, where the sender signs. */
  readonly pack: (text: string, told: Delivery, signing?: Signing) => PackedDelivery;
  /** How a delivery is proved: by a signature, by one that is good for some minutes, or by a key alone. */
  readonly proof: 'signature' | 'fresh signature' | 'key';
}

/** A number that none before had. */
export const freshNumber = (): number => parseInt(randomUUID().slice(0, 8), 16) + 10_000_000_000;
export const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

/** Each payload as a delivery with an id of its own. */
export const asTold = (payloads: readonly unknown[], event?: string): Delivery[] =>
  payloads.map((payload) => ({ id: randomUUID(), payload, ...(event === undefined ? {} : { event }) }));

/** A copy with a member replaced, or left out; `at` names it from the outside in, joined by points. */
export function replaced(payload: unknown, at: string, value: unknown): unknown {
  const [name, ...within] = at.split('.') as [string, ...string[]];
  const copy: Record<string, unknown> | unknown[] = Array.isArray(payload) ? [...payload] : { ...(payload as object) };
  const holder = copy as Record<string, unknown>;
  holder[name] = within.length === 0 ? value : replaced(holder[name], within.join('.'), value);
  if (holder[name] === undefined) delete holder[name];
  return copy;
}
