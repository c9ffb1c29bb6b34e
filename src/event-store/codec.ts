import * as z from 'zod';
import { compiled } from '../contract/compiled.js';
import { texts } from '../contract/primitives.js';
import { readInstant } from '../domain/clock.js';
import type { EventMetadata, ExecutionEventType, RecordedEvent } from '../domain/events.js';
import { FAILURE_PHASES } from '../domain/events.js';
import { AUTHORITIES, OPEN_STATUSES, STATUSES, TERMINAL_STATUSES } from '../domain/status.js';
import type { StoredEvent } from './event-store.js';

/** One of our event types as this program reads it: its newest version, and the way there from each older one. */
export interface EventSchema {
  readonly version: number;
  readonly data: z.ZodType;
  /** `upcasters[n - 1]` turns data of version n into data of version n + 1. */
  readonly upcasters: readonly ((data: unknown) => unknown)[];
}

/** What an event of an execution's stream turned out to be (domain.md §6). */
export type Decoded =
  | { readonly kind: 'ours'; readonly event: RecordedEvent }
  /** Of a type that is not ours: skipped and counted. */
  | { readonly kind: 'foreign' }
  /** Ours, but broken or newer than this program: it stops writes on its execution. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Years of more than four digits: of a form that is read here and there, and further away than there are moments. */
const FAR_AWAY = /^[+-]\d{6}-/;
/** A moment in its one form; what lies outside those that there are is left out, and stops nobody. */
const instant = z
  .string()
  .refine((text) => FAR_AWAY.test(text) || !Number.isNaN(Date.parse(text)), 'not a moment in ISO 8601')
  .transform((text) => readInstant(text));
const attempt = z.int().min(1).optional();
const text = z.string().optional();
const number = z.number().optional();
const json = z.unknown().optional();

const particulars = { attempt, worker: text, status_reason: text, message: text, data: json };
const outcome = {
  ...particulars,
  authority: z.enum(AUTHORITIES).optional(),
  result: json,
  error: text,
  error_details: json,
  error_status_code: number,
  duration_ms: z.number().min(0).optional(),
  completed_at: instant.optional(),
};
const clocks = { deadline: instant.optional(), timeout_ms: z.number().min(0).optional() };
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

/** Version 1 of a type; unknown keys are kept, for the tape shows what was written. */
const first = (shape: z.ZodRawShape): EventSchema => ({
  version: 1,
  data: compiled(z.looseObject(shape)),
  upcasters: [],
});

/** Every event type of an execution's stream, by the version this program writes. */
export const EVENT_SCHEMAS: Readonly<Record<ExecutionEventType, EventSchema>> = {
  ExecutionRegistered: first({ ...description, created_by_report: json }),
  ExecutionDescribed: first({ ...description, attempt, by_report: json }),
  ExecutionDispatched: first({ attempt, handle: json }),
  ExecutionQueued: first(particulars),
  ExecutionStarted: first(particulars),
  ExecutionWaiting: first(particulars),
  ExecutionPaused: first({
    ...particulars,
    authority: z.enum(AUTHORITIES).optional(),
    reason: text,
    previous_status: z.enum(STATUSES).optional(),
  }),
  ExecutionProgressed: first({
    ...particulars,
    progress: number,
    status: z.enum(OPEN_STATUSES).optional(),
    outcome: z.enum(TERMINAL_STATUSES).optional(),
  }),
  HeartbeatRecorded: first({ attempt, worker: text }),
  ExecutionSucceeded: first({ ...outcome, doubt: json }),
  ExecutionFailed: first({ ...outcome, phase: z.enum(FAILURE_PHASES).optional() }),
  ExecutionTimedOut: first(outcome),
  ExecutionCancelled: first({ ...outcome, reason: text, previous_status: z.enum(STATUSES).optional() }),
  ExecutionResumed: first({
    attempt,
    previous: previous.optional(),
    takeover: z.boolean().optional(),
    unnumbered: z.boolean().optional(),
    ...clocks,
    deadline_dropped: z.boolean().optional(),
    reason: text,
  }),
};

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

/** The data as the newest version has it. What a way up trips over is as broken as what no schema takes. */
function upcast({ data }: StoredEvent, schema: EventSchema, version: number) {
  try {
    return schema.data.safeParse(schema.upcasters.slice(version - 1).reduce((older, step) => step(older), data));
  } catch (error) {
    return z.never({ error: String(error) }).safeParse(data);
  }
}

/** The version each event is written with; `metadata.schema_version` is left out while it is 1. */
export function decode(stored: StoredEvent, schemas: Readonly<Record<string, EventSchema>> = EVENT_SCHEMAS): Decoded {
  if (!Object.hasOwn(schemas, stored.type)) return { kind: 'foreign' };
  const schema = schemas[stored.type]!;
  // Metadata that is not the ledger's counts as none: then nobody vouches for more than a worker (domain.md §6).
  const vouched = readMetadata(stored.metadata);
  const version = vouched.schema_version ?? 1;
  if (version > schema.version) {
    const reason = `${stored.type} is of version ${version}; this program reads up to ${schema.version}`;
    return { kind: 'unreadable', reason };
  }
  const data = upcast(stored, schema, version);
  if (!data.success) return { kind: 'unreadable', reason: `${stored.type}: ${z.prettifyError(data.error)}` };
  return {
    kind: 'ours',
    event: {
      type: stored.type,
      data: data.data,
      revision: stored.revision,
      position: stored.position,
      recorded_at: stored.recordedAt,
      event_id: stored.eventId,
      metadata: vouched,
    } as RecordedEvent,
  };
}
