import { isDeepStrictEqual } from 'node:util';
import type { HistoryEvent } from '../../../src/contract/history.js';
import { executionStream, parseStream } from '../../../src/domain/stream.js';
import type { StoredEvent } from '../../../src/event-store/event-store.js';
import type { ShownHistory } from '../evidence.js';
import type { Find } from './finding.js';
import { grouped } from './log.js';

const asTold = ({ revision, position, event_id, type, recorded_at, data }: HistoryEvent): unknown[] => [
  revision,
  position,
  event_id,
  type,
  recorded_at,
  data,
];
const asStored = ({ revision, position, eventId, type, recordedAt, data }: StoredEvent): unknown[] => [
  revision,
  String(position),
  eventId,
  type,
  recordedAt,
  data,
];

function compare(about: string, told: readonly HistoryEvent[], stored: readonly StoredEvent[], find: Find): void {
  if (told.length !== stored.length) find('endpoint', about, `${told.length} events, in the table ${stored.length}`);
  for (const [n, event] of stored.entries()) {
    const shown = told[n] && asTold(told[n]);
    if (isDeepStrictEqual(shown, asStored(event))) continue;
    find('endpoint', about, `${JSON.stringify(shown)}, in the table ${JSON.stringify(asStored(event))}`);
    return;
  }
}

/** The histories that the endpoints show, held against the table. */
export function checkEndpoints(
  { everything, byExecution }: ShownHistory,
  log: readonly StoredEvent[],
  find: Find,
): void {
  const executions = log.filter(({ stream }) => parseStream(stream)?.kind === 'execution');
  compare('the history of everything', everything, executions, find);
  const streams = grouped(executions, ({ stream }) => stream);
  for (const [id, told] of byExecution) compare(id, told, streams.get(executionStream(id)) ?? [], find);
}
