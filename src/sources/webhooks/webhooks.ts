import { z } from 'zod';
import { readInstant } from '../../domain/clock.js';
import type { Instant } from '../../domain/events.js';
import { isTerminal } from '../../domain/status.js';
import { readOwn } from '../own-report.js';
import {
  malformedBy,
  present,
  under,
  type OwnReport,
  type DeliveryContent,
  type SourceReport,
} from '../source-report.js';
import { FAMILIES, type Family } from './words.js';

const text = z.string().nullish();
const payload = z.object({
  type: z.string().min(1),
  created_at: z.union([z.number(), z.string()]).nullish(),
  timestamp: text,
  data: z.unknown().optional(),
});
/** What the data of an event about a run has. */
const subject = z.object({ id: z.string().min(1).max(190) });
/** Claude names the kind of an event in its data, and calls each of them an event. */
const inner = z.object({ type: z.string().min(1) });
const OUTER = 'event';

const FAILED: ReadonlySet<string> = new Set(['failed', 'timeout']);

/** A moment in seconds since 1970, or in ISO 8601. */
function said(time: number | string | null | undefined): Instant | undefined {
  if (typeof time !== 'number') return readInstant(time ?? '');
  const at = new Date(time * 1_000);
  return Number.isNaN(at.getTime()) ? undefined : readInstant(at.toISOString());
}

function reportOf({ dialect, statuses }: Family, kind: string, word: string, id: string, at?: Instant): SourceReport {
  const status = Object.hasOwn(statuses, word) ? statuses[word]! : word;
  return {
    execution_id: `${dialect}-${id}`,
    status,
    status_reason: word,
    labels: { source: dialect, resource: kind },
    ...present({
      target: `${dialect}.${kind}`,
      error: FAILED.has(status) ? `${kind}.${word}` : undefined,
      occurred_at: at,
      completed_at: isTerminal(status) ? at : undefined,
    }),
  };
}

function readEvent({
  type,
  created_at,
  timestamp,
  data,
}: z.infer<typeof payload>): DeliveryContent<SourceReport | OwnReport> {
  const own = readOwn({ type, data });
  if (own !== undefined) return own;
  for (const family of FAMILIES) {
    const [, kind, word] = family.type.exec(type) ?? [];
    if (kind === undefined || word === undefined || family.ignored.has(word)) continue;
    const about = subject.safeParse(data);
    if (!about.success) return { malformed: `data: ${malformedBy(about.error).malformed}` };
    return { reports: [reportOf(family, kind, word, about.data.id, said(created_at ?? timestamp))] };
  }
  return { ignored: type };
}

/**
 * Reads a delivery of Standard Webhooks. Never throws, whatever the payload is.
 * @param id the header `webhook-id`
 * @param body the parsed JSON body
 */
export function readWebhook(id: string, body: unknown): DeliveryContent<SourceReport | OwnReport> {
  const parsed = payload.safeParse(body);
  if (!parsed.success) return malformedBy(parsed.error);
  const { data: given } = parsed;
  const { data: named } = given.type === OUTER ? inner.safeParse(given.data) : { data: undefined };
  return under({ event_id: id }, readEvent({ ...given, type: named?.type ?? given.type }));
}
