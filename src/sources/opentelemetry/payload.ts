import { z } from 'zod';

const text = z.string().nullish();

/** An id in hexadecimal; one of zeros alone is none. */
const id = (digits: number) =>
  z
    .string()
    .regex(new RegExp(`^(?!0+$)[\\da-f]{${digits}}$`, 'i'), `expected ${digits} hexadecimal digits, not all of them 0`)
    .toLowerCase();
const noId = z.string().regex(/^0*$/);

/** A whole number of 64 bits: its digits as a text, as JSON has them, or as a number, which some senders write. */
const digits = z
  .union([z.string(), z.number()], { error: 'expected a whole number' })
  .transform(String)
  .pipe(z.string().regex(/^-?\d{1,20}$/, 'expected a whole number'));

/** Nanoseconds since 1970 as a moment in milliseconds; 0 is none, as Protocol Buffers have it. */
const moment = digits
  .nullish()
  .transform((nanoseconds) => Math.max(0, Number(BigInt(nanoseconds ?? 0) / 1_000_000n)) || undefined);

/** So much is kept of one text: a request may be larger than a report. */
const LONGEST = 16 * 1024;
const bounded = text.transform((said) => said?.slice(0, LONGEST));

/** The text or whole number that an attribute says; of any other kind none has a meaning here. */
function saidBy(value: unknown): string | undefined {
  const { stringValue, intValue } = Object(value) as { stringValue?: unknown; intValue?: unknown };
  if (typeof stringValue === 'string') return stringValue.slice(0, LONGEST);
  return typeof intValue === 'string' || typeof intValue === 'number' ? String(intValue) : undefined;
}

/** Attributes by name. There are thousands: those of another form are passed over, for a schema of each takes too long. */
const attributes = z
  .array(z.unknown())
  .nullish()
  .transform((all) => {
    const byName = new Map<string, string>();
    for (const one of all ?? []) {
      const { key, value } = Object(one) as { key?: unknown; value?: unknown };
      const said = saidBy(value);
      if (typeof key === 'string' && said) byName.set(key, said);
    }
    return byName;
  });

/** The parts of a span that the ledger has use for (OTLP 1, `trace.proto`); others are passed over. */
export const span = z.object({
  traceId: id(32),
  spanId: id(16),
  parentSpanId: z.union([id(16), noId.transform(() => undefined)]).nullish(),
  name: bounded,
  startTimeUnixNano: moment,
  endTimeUnixNano: moment,
  attributes,
  events: z.array(z.unknown()).nullish(),
  status: z.object({ code: z.int().nullish(), message: bounded }).nullish(),
});
export type Span = z.infer<typeof span>;

/** What happened in a span; the ledger has use for what it threw. */
export const spanEvent = z.object({ name: text, attributes });

/*
 * An ExportTraceServiceRequest, level by level, what is within each unread: a schema of all would hold the event loop for as
 * long as thousands of members, or of flaws, take.
 */
export const exported = z.object({ resourceSpans: z.array(z.unknown()).nullish() });
export const resourceSpans = z.object({
  resource: z.object({ attributes }).nullish(),
  scopeSpans: z.array(z.unknown()).nullish(),
});
export const scopeSpans = z.object({ spans: z.array(z.unknown()).nullish() });
