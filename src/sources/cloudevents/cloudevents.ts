import { z } from 'zod';
import { compact } from '../../domain/json.js';
import { readOwn } from '../own-report.js';
import { together, type OwnReport, type Reading, type SourceReport } from '../source-report.js';
import { readCDEvents } from './cdevents.js';
import { binary, structured, type CloudEvent } from './envelope.js';
import { readTekton } from './tekton.js';

type Either = SourceReport | OwnReport;

/** The dialects that travel in CloudEvents; the first that knows an event reads it. */
const DIALECTS: readonly ((event: CloudEvent) => Reading<Either> | undefined)[] = [readOwn, readTekton, readCDEvents];

/** How long an id may be that is not derived (docs/http-api.md, Ids). */
const MOST_ID = 200;

/** A report under the id of its event: `source` and `id` together are what is unique (CloudEvents 1.0.2, §3.1.1). */
function under({ source, id }: CloudEvent, report: Either): Either {
  const both = `${source} ${id}`;
  const event_id = both.length <= MOST_ID ? both : undefined;
  const derived = event_id === undefined ? { same_by: ['cloudevents', source, id] } : {};
  // A report that brings an id of its own is the same report by whatever way it comes.
  if ('own' in report) return { own: compact({ event_id, ...report.own }), ...derived };
  return compact({ ...report, event_id, ...derived });
}

/** Data that came as bytes; undefined where these are no JSON. */
type ParseJson = (text: string) => unknown;

function readEvent(attributes: unknown, parseJson: ParseJson): Reading<Either> {
  const parsed = structured.safeParse(attributes);
  if (!parsed.success) return { malformed: z.prettifyError(parsed.error) };
  const { data_base64: bytes, ...event } = parsed.data;
  const given: CloudEvent = { ...event, data: bytes === undefined ? event.data : fromBytes(bytes, parseJson) };
  for (const dialect of DIALECTS) {
    const reading = dialect(given);
    if (reading === undefined) continue;
    return 'reports' in reading ? { reports: reading.reports.map((report) => under(given, report)) } : reading;
  }
  return { ignored: given.type };
}

function fromBytes(bytes: string, parseJson: ParseJson): unknown {
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
  parseJson: ParseJson,
): Reading<Either> {
  if (Array.isArray(body) && headers['ce-specversion'] === undefined)
    return together(body.map((one) => readEvent(one, parseJson)));
  return readEvent(binary(headers, body) ?? body, parseJson);
}
