import { derivedId } from '../../../src/application/deciding/digest.js';
import type { StoredEvent } from '../../../src/event-store/event-store.js';
import type { ExecutionRequest, DatedReceipt } from '../receipt.js';
import { comesTo, type History } from './execution.js';
import type { Find } from './finding.js';

const digestOf = ({ metadata }: StoredEvent): string => metadata.digest ?? '';

/** Whether an event is one that the ledger writes unasked: a time-out, or the sign of life that a repeated status counts as. */
const isOwn = (event: StoredEvent): boolean =>
  event.metadata.source === 'time_out' || event.type === 'HeartbeatRecorded';

/** What a request that was not applied adds to the identity bears no id of its own, and nothing of that request follows it. */
const isAddedAlone = (event: StoredEvent, next: StoredEvent | undefined): boolean =>
  event.type === 'ExecutionDescribed' && (next === undefined || digestOf(next) !== digestOf(event));

/** The events that one request appended: the last bears its id, the others' follow from it. */
interface AppendedRequest {
  readonly asked: ExecutionRequest | undefined;
  readonly from: number;
  readonly events: readonly StoredEvent[];
}

const idOf = ({ id, digest }: { id: string; digest: string }): string => `${id} ${digest}`;

/** The stream, request by request. */
function appends({ stored }: History, asked: ReadonlyMap<string, ExecutionRequest>): AppendedRequest[] {
  const all: AppendedRequest[] = [];
  for (let from = 0; from < stored.length;) {
    let to = from;
    const known = (event: StoredEvent) => asked.get(idOf({ id: event.eventId, digest: digestOf(event) }));
    const ends = (event: StoredEvent) => known(event) || isOwn(event) || isAddedAlone(event, stored[to + 1]);
    while (to < stored.length - 1 && !ends(stored[to]!)) to++;
    all.push({ asked: known(stored[to]!), from, events: stored.slice(from, to + 1) });
    from = to + 1;
  }
  return all;
}

/** Every event of a stream was asked for, once, by somebody who was told so, and is what the request comes to. */
export function checkAsked(history: History, told: readonly DatedReceipt[], find: Find): void {
  const asked = new Map(told.map((one) => [idOf(one.request), one.request]));
  const won = new Set(told.filter(({ applied }) => applied).map((one) => idOf(one.request)));
  for (const append of appends(history, asked)) {
    const last = append.events.at(-1)!;
    const place = `${last.stream}@${last.revision}`;
    const before = history.states[append.from]!;
    if (isOwn(last)) {
      checkOwn(append, history, told, find);
      continue;
    }
    if (!append.asked) {
      const said = told.filter(({ request: { digest } }) => digest === digestOf(last));
      if (last.type === 'ExecutionDescribed' && said.some((one) => !comesTo(one.request.input, before, append.events)))
        continue;
      // Whatever is asked is written under its own id: under another one it was written again.
      find(said.length > 0 ? 'doubled' : 'unasked', place, `${last.type} ${last.eventId}`);
      continue;
    }
    const { asked: one } = append;
    if (!won.has(idOf(one)) && !hasReceipt(told, last)) find('denied', place, `${last.type} ${last.eventId}`);
    const companions = append.events.slice(0, -1);
    if (companions.some(({ eventId }, index) => eventId !== derivedId('companion', one.id, String(index))))
      find('unasked', place, `${companions.length} events come along with ${one.id} that are not its own`);
    const wrong = comesTo(one.input, before, append.events);
    if (wrong !== undefined) find('content', place, wrong);
  }
}

/** A registration repeated under another id has the first one's receipt: that one was acknowledged, too. */
const hasReceipt = (told: readonly DatedReceipt[], { position }: StoredEvent): boolean =>
  told.some((one) => one.applied && one.position === String(position));

/** A time-out must have been due; a sign of life must be of something that was asked. */
function checkOwn(
  { from, events }: AppendedRequest,
  history: History,
  told: readonly DatedReceipt[],
  find: Find,
): void {
  const event = events.at(-1)!;
  const place = `${event.stream}@${event.revision}`;
  if (event.type === 'HeartbeatRecorded') {
    if (!told.some(({ request }) => request.digest === digestOf(event)))
      find('unasked', place, 'a heartbeat of nobody');
    return;
  }
  const wrong = comesTo({ kind: 'time_out' }, history.states[from]!, events);
  if (wrong !== undefined) find('content', place, wrong);
}
