import { parseJson } from '../../encoding/json.js';
import { readOwn } from '../own-report.js';
import {
  malformedBy,
  together,
  under,
  type OwnReport,
  type DeliveryContent,
  type ReportId,
  type SourceReport,
} from '../source-report.js';
import { readCDEvents } from './cdevents.js';
import { binary, structured, type CloudEvent } from './envelope.js';
import { readTekton } from './tekton.js';

type Either = SourceReport | OwnReport;

/** The dialects that travel in CloudEvents; the first that knows an event reads it. */
const DIALECTS: readonly ((event: CloudEvent) => DeliveryContent<Either> | undefined)[] = [
  readOwn,
  readTekton,
  readCDEvents,
];

/** How long an id may be that is not derived (docs/http-api.md, Ids). */
const MOST_ID = 200;

/** The id of an event's report: `source` and `id` together are what is unique (CloudEvents 1.0.2, §3.1.1). */
function idOf({ source, id }: CloudEvent): ReportId {
  const event_id = `${source} ${id}`;
  return event_id.length <= MOST_ID ? { event_id } : { same_by: ['cloudevents', source, id] };
}

function readEvent(attributes: unknown): DeliveryContent<Either> {
  const parsed = structured.safeParse(attributes);
  if (!parsed.success) return malformedBy(parsed.error);
  const { data_base64: bytes, ...event } = parsed.data;
  const given: CloudEvent = { ...event, data: bytes === undefined ? event.data : fromBytes(bytes) };
  for (const dialect of DIALECTS) {
    const reading = dialect(given);
    if (reading !== undefined) return under(idOf(given), reading);
  }
  return { ignored: given.type };
}

/** Data that came as bytes; undefined where these are no JSON. */
function fromBytes(bytes: string): unknown {
  try {
    return parseJson(Buffer.from(bytes, 'base64').toString());
  } catch {
    return undefined;
  }
}

/**
 * Reads CloudEvents 1.0 over HTTP in any of its modes: attributes in headers, an event in JSON, or a batch of these. Never
 * throws, whatever came.
 */
export function readCloudEvents(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: unknown,
): DeliveryContent<Either> {
  const event = binary(headers, body);
  if (event === undefined && Array.isArray(body)) return together(body.map(readEvent));
  return readEvent(event ?? body);
}
