import { encodeText } from '../../contract/json.js';
import type { AppendOutcome } from '../append-outcome.js';
import { checkAppend } from '../check-append.js';
import type { Append, StoreError } from '../event-store.js';
import { eventText } from '../event-text.js';
import type { ExpectedRevision } from '../expected-revision.js';
import type { Position } from '../position.js';

export interface EncodedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/** An append as the queue holds it: encoded, measured, and with the caller who waits for its outcome. */
export interface QueuedAppend {
  readonly append: Append;
  readonly stream: string;
  readonly expected: number;
  readonly guardStream: string | null;
  readonly absentId: string | null;
  readonly events: readonly EncodedEvent[];
  readonly bytes: number;
  readonly answer: (outcome: AppendOutcome | StoreError) => void;
  /** The limit of its wait in the queue, on the monotonic clock. */
  readonly waitsUntil: number;
  /** Set once a call that carried it was lost: the log's last known position before that call. */
  unsureSince?: Position;
}

/** As `ledger.append` takes them. */
const EXPECTED = { no_stream: -1, stream_exists: -2, any: -3 } as const;
const expectedNumber = (expected: ExpectedRevision): number =>
  typeof expected === 'number' ? expected : EXPECTED[expected];

/** What an append weighs in the queue besides its text. */
const OVERHEAD = 100;

const bytesOf = ({ id, type, data, metadata }: EncodedEvent): number =>
  id.length + type.length + Buffer.byteLength(data) + Buffer.byteLength(metadata);

/** @throws StoreError `unacceptable` */
export function encodeAppend(append: Append, waitsUntil: number, answer: QueuedAppend['answer']): QueuedAppend {
  const refusal = checkAppend(append);
  if (refusal) throw refusal;
  const events = append.events.map((event) => ({
    id: encodeText(event.eventId),
    type: encodeText(event.type),
    ...eventText(event),
  }));
  const { guard } = append;
  return {
    append,
    stream: encodeText(append.stream),
    expected: expectedNumber(append.expectedRevision),
    guardStream: guard ? encodeText(guard.stream) : null,
    absentId: guard?.absentId === undefined ? null : encodeText(guard.absentId),
    events,
    bytes: events.reduce((sum, event) => sum + bytesOf(event), OVERHEAD),
    answer,
    waitsUntil,
  };
}
