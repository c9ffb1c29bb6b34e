import * as z from 'zod';
import { compiled } from '../encoding/compiled.js';
import { instant, measure, measuredMilliseconds, percent, texts } from '../encoding/readings.js';
import type { EventDataByType, EventMetadata, ExecutionEventType, RecordedEvent } from '../domain/events.js';
import { FAILURE_PHASES } from '../domain/events.js';
import { AUTHORITIES, OPEN_STATUSES, STATUSES, TERMINAL_STATUSES } from '../domain/status.js';
import type { StoredEvent } from './event-store.js';
import { readData, type ReadDataResult } from './read-data.js';

/** One of our event types as this program reads it: its newest version, and the way there from each older one. */
export interface EventSchema {
  readonly version: number;
  readonly data: z.ZodType;
  /** `upcasters[n - 1]` turns data of version n into data of version n + 1. */
  readonly upcasters: readonly ((data: unknown) => unknown)[];
}

/** What an event of an execution's stream turned out to be (docs/semantics.md §6). */
export type DecodedEvent =
  /** So many of its members could not be read, and were left out. */
  | { readonly kind: 'ours'; readonly event: RecordedEvent; readonly unread: number }
  /** Of a type that is not ours: skipped and counted. */
  | { readonly kind: 'foreign' }
  /** Ours, but no record, without a readable attempt, or newer than this program: it stops writes on its execution. */
  | { readonly kind: 'unreadable'; readonly reason: string };

const attempt = z.int().min(1).optional();
const text = z.string().optional();
const json = z.unknown().optional();

const particulars = { attempt, worker: text, status_reason: text, message: text, data: json };
const outcome = {
  ...particulars,
  authority: z.enum(AUTHORITIES).optional(),
  result: json,
  error: text,
  error_details: json,
  error_status_code: measure.optional(),
  duration_ms: measuredMilliseconds.optional(),
  completed_at: instant.optional(),
};
const clocks = { deadline: instant.optional(), timeout_ms: measuredMilliseconds.optional() };
const description = {
  run_id: text,
  workflow_id: text,
  parent_execution_id: text,
  target: text,
  kind: text,
  input: json,
  labels: texts.optional(),
  ...clocks,
};
const previous = z.looseObject({
  status: z.enum(STATUSES),
  error: text,
  authority: z.enum(AUTHORITIES).nullable(),
});

/** A schema for each member that events of a type can have: one without would be folded whatever a producer wrote into it. */
export type Shape<T extends ExecutionEventType> = { readonly [K in keyof Required<EventDataByType[T]>]: z.ZodType };

/** The first version of each type. */
const FIRST: { readonly [T in ExecutionEventType]: Shape<T> } = {
  ExecutionRegistered: { ...description, created_by_report: json },
  ExecutionDescribed: { ...description, attempt, by_report: json },
  ExecutionDispatched: { attempt, handle: json },
  ExecutionQueued: particulars,
  ExecutionStarted: particulars,
  ExecutionWaiting: particulars,
  ExecutionPaused: {
    ...particulars,
    authority: z.enum(AUTHORITIES).optional(),
    reason: text,
    previous_status: z.enum(STATUSES).optional(),
  },
  ExecutionProgressed: {
    ...particulars,
    progress: percent.optional(),
    status: z.enum(OPEN_STATUSES).optional(),
    outcome: z.enum(TERMINAL_STATUSES).optional(),
  },
  HeartbeatRecorded: { attempt, worker: text },
  ExecutionSucceeded: { ...outcome, doubt: json },
  ExecutionFailed: { ...outcome, phase: z.enum(FAILURE_PHASES).optional() },
  ExecutionTimedOut: outcome,
  ExecutionCancelled: { ...outcome, reason: text, previous_status: z.enum(STATUSES).optional() },
  ExecutionResumed: {
    attempt,
    previous: previous.optional(),
    takeover: z.boolean().optional(),
    unnumbered: z.boolean().optional(),
    ...clocks,
    deadline_dropped: z.boolean().optional(),
    reason: text,
  },
};

/** Every event type of an execution's stream, by the version this program writes; unknown keys are kept, for the history shows them. */
export const EVENT_SCHEMAS = Object.fromEntries(
  Object.entries(FIRST).map(([type, shape]) => [type, { version: 1, data: z.looseObject(shape), upcasters: [] }]),
) as unknown as Readonly<Record<ExecutionEventType, EventSchema>>;

const metadata = compiled(
  z.looseObject({
    digest: text,
    occurred_at: instant.optional(),
    reporter: z.object({ actor: z.string(), authority: z.enum(AUTHORITIES) }).optional(),
    on_behalf_of: text,
    source: text,
    correlation_id: text,
    causation_id: text,
    schema_version: z.int().min(1).optional(),
    report_id: text,
    redacted: z.array(z.string()).optional(),
  }),
);

/**
 * The metadata that a writer left beside an event. Each member is read on its own: one that cannot be read counts as
 * absent, or a clock in disorder would cost its event the authority of whoever reported it.
 */
export function readMetadata(written: unknown): EventMetadata {
  const read = metadata.safeParse(written);
  if (read.success) return read.data as EventMetadata;
  const broken = new Set(read.error.issues.map(({ path }) => path[0]));
  if (typeof written !== 'object' || written === null || broken.has(undefined)) return {};
  const rest = Object.entries(written).filter(([member]) => !broken.has(member));
  return (metadata.safeParse(Object.fromEntries(rest)).data ?? {}) as EventMetadata;
}

/** The data as the newest version has it, or why it cannot be had. What a way up trips over is as broken as what no schema takes. */
function upcast({ data }: StoredEvent, schema: EventSchema, version: number): ReadDataResult | string {
  try {
    const newest = schema.upcasters.slice(version - 1).reduce((older, step) => step(older), data);
    return readData(schema.data, newest);
  } catch (error) {
    return String(error);
  }
}

/** The version each event is written with; `metadata.schema_version` is left out while it is 1. */
export function decode(
  stored: StoredEvent,
  schemas: Readonly<Record<string, EventSchema>> = EVENT_SCHEMAS,
): DecodedEvent {
  if (!Object.hasOwn(schemas, stored.type)) return { kind: 'foreign' };
  const schema = schemas[stored.type]!;
  // Metadata that is not the ledger's counts as none: then nobody vouches for more than a worker (docs/semantics.md §6).
  const vouched = readMetadata(stored.metadata);
  const version = vouched.schema_version ?? 1;
  if (version > schema.version) {
    const reason = `${stored.type} is of version ${version}; this program reads up to ${schema.version}`;
    return { kind: 'unreadable', reason };
  }
  const read = upcast(stored, schema, version);
  if (typeof read === 'string') return { kind: 'unreadable', reason: `${stored.type}: ${read}` };
  return {
    kind: 'ours',
    unread: read.unread,
    event: {
      type: stored.type,
      data: read.data,
      revision: stored.revision,
      position: stored.position,
      recorded_at: stored.recordedAt,
      event_id: stored.eventId,
      metadata: vouched,
    } as RecordedEvent,
  };
}
