import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { VERDICT_MEANINGS } from '../../../contract/verdict-meanings.js';
import { timeOfDay, absolute } from '../../shared/moment.js';
import { usePreferences } from '../../shared/preferences.js';
import { StatusMark, STATUSES, type Status } from '../../shared/status.js';
import { Text } from '../../shared/text.js';
import { dataOf, saysOf, sayerOf, skewOf, type Entry, type RefusedEvent, type HistoryEvent } from './story.js';

/** What an event is called that sets no status. */
const NAMES: Readonly<Record<string, string>> = {
  ExecutionRegistered: 'Registered',
  ExecutionDescribed: 'Described further',
  ExecutionDispatched: 'Handed over to be worked on',
};

/** What an event says of itself, before its details. */
function What({ event }: { readonly event: HistoryEvent }) {
  if (event.type === 'ExecutionResumed') return <>Resumed as attempt {event.attempt}</>;
  const name = NAMES[event.type];
  return name === undefined && event.status ? <StatusMark status={event.status} /> : <>{name ?? event.type}</>;
}

function Event({ event }: { readonly event: HistoryEvent }) {
  const says = saysOf(dataOf(event));
  const skew = skewOf(event);
  return (
    <>
      <What event={event} />
      {says !== undefined && (
        <small>
          <Text most={600}>{says}</Text>
        </small>
      )}
      {skew !== undefined && <small>{skew}</small>}
    </>
  );
}

/** A report that was refused: what it said, and what it lost against. */
function Refused({ event }: { readonly event: RefusedEvent }) {
  const report = (dataOf(event)['report'] ?? {}) as Readonly<Record<string, unknown>>;
  const word = report['status'];
  const isStatus = STATUSES.includes(word as Status);
  const { against } = event;
  const says = saysOf(report);
  return (
    <>
      <s>
        {isStatus ? (
          <StatusMark status={word as Status} />
        ) : (
          <Text>{String(word ?? Object.keys(report).join(', '))}</Text>
        )}
      </s>
      {report['attempt'] !== undefined && <> attempt {String(report['attempt'])}</>}
      {says !== undefined && (
        <small>
          <Text most={600}>{says}</Text>
        </small>
      )}
      <small className="execution-why">
        refused, {event.verdict ?? 'not kept'}
        {event.verdict && VERDICT_MEANINGS[event.verdict] && `: ${VERDICT_MEANINGS[event.verdict]}`}
        {against &&
          `. It lost against ${against.status} of attempt ${against.attempt}${
            against.authority ? `, told by ${against.authority}` : ''
          }, at revision ${against.revision}.`}
      </small>
    </>
  );
}

function Line({
  entry,
  zone,
  now,
}: {
  readonly entry: Entry;
  readonly zone: 'local' | 'utc';
  readonly now: number | undefined;
}) {
  if (entry.kind === 'progress') {
    const [first, last] = [entry.events[0]!, entry.events.at(-1)!];
    const [from, to] = [dataOf(first)['progress'], dataOf(last)['progress']];
    const span = typeof from === 'number' && typeof to === 'number' ? `, ${from} % to ${to} %` : '';
    return (
      <div className="execution-fold">
        {entry.events.length === 1 ? 'a report of progress' : `${entry.events.length} reports of progress`}
        {span} · revision {first.revision}
        {last !== first && ` to ${last.revision}`}
      </div>
    );
  }
  const { event, kind } = entry;
  const isRefused = kind === 'refused';
  return (
    <div
      className={`execution-event${isRefused ? ' refused' : ''}${!isRefused && event.revision === now ? ' shown' : ''}`}
    >
      <time dateTime={event.recorded_at} title={absolute(event.recorded_at, zone)}>
        {timeOfDay(event.recorded_at, zone)}
      </time>
      <span className="execution-revision">{isRefused ? '–' : event.revision}</span>
      <div>{isRefused ? <Refused event={event} /> : <Event event={event} />}</div>
      <span className="execution-who">
        <Text most={60}>{sayerOf(event)}</Text>
      </span>
    </div>
  );
}

const LINE_PX = 52;

/** The history, drawn where it is looked at: ten thousand events are as quick as ten. `now`: the revision that is shown. */
export function History({ entries, now }: { readonly entries: readonly Entry[]; readonly now: number | undefined }) {
  const box = useRef<HTMLDivElement>(null);
  const { zone } = usePreferences();
  const lines = useVirtualizer({
    count: entries.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PX,
    overscan: 12,
  });
  return (
    <div className="execution-history" ref={box} tabIndex={0} role="region" aria-label="What happened">
      <ol style={{ height: lines.getTotalSize() }}>
        {lines.getVirtualItems().map(({ index, start, key }) => (
          <li
            key={key}
            ref={lines.measureElement}
            data-index={index}
            aria-setsize={entries.length}
            aria-posinset={index + 1}
            style={{ transform: `translateY(${start}px)` }}
          >
            <Line entry={entries[index]!} zone={zone} now={now} />
          </li>
        ))}
      </ol>
    </div>
  );
}
