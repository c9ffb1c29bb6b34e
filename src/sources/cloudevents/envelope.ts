import { z } from 'zod';

/** What every CloudEvent has (CloudEvents 1.0.2, §3). */
const attributes = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1),
  source: z.string().min(1),
  type: z.string().min(1),
  time: z.string().nullish(),
});

/** An event in JSON, with its data beside its attributes (JSON Event Format, §3). */
export const structured = attributes.extend({
  data: z.unknown().optional(),
  data_base64: z.string().optional(),
});

/** An event as its dialect reads it, in whatever mode it came. */
export interface CloudEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time?: string | null | undefined;
  readonly data?: unknown;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const PREFIX = 'ce-';

/**
 * The type of a body that is an event, or several, and not its data alone. Headers may repeat the attributes of such an event
 * (HTTP Protocol Binding, §3.2.2), as CloudEvents' SDK for .NET has it: they do not make the event the data of itself.
 */
const WHOLE = /^application\/cloudevents/i;

/** A header's value in percent-encoding (HTTP Protocol Binding, §3.1.3.2); what is none stands for itself. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** The attributes that stand in headers, where the event is in binary mode (HTTP Protocol Binding, §3.1). */
export function binary(headers: Headers, data: unknown): Record<string, unknown> | undefined {
  if (headers[`${PREFIX}specversion`] === undefined || WHOLE.test(String(headers['content-type']))) return undefined;
  const named = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(PREFIX) && typeof value === 'string' ? [[name.slice(PREFIX.length), decoded(value)]] : [],
  );
  return { ...(Object.fromEntries(named) as object), data };
}
