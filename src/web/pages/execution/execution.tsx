import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { ApiProblem } from '../../shared/api.js';
import { Failed, Loading } from '../../shared/failed.js';
import { useAskAgain } from '../../shared/hold.js';
import { useChanges } from '../../shared/live.js';
import { useNow } from '../../shared/moment.js';
import { safe, Text } from '../../shared/text.js';
import { Compare } from './compare.js';
import { Facts } from './facts.js';
import { Children, SameTarget } from './family.js';
import { Heading } from './heading.js';
import { History } from './history.js';
import { Payloads } from './payloads.js';
import { execution, refused, stateAt, history } from './reading.js';
import { entriesOf, SHOWN, type Execution, type HistoryFilter } from './story.js';
import { Timeline } from './timeline.js';
import { Travel } from './travel.js';
import './execution.css';

const FROM = '/app/executions/$id';

/** A whole number of the address. */
const numberIn = (text: unknown): number | undefined =>
  typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : undefined;

/** One execution: what it came to, why, and what was said and refused on the way. */
export default function ExecutionPage() {
  const { id } = useParams({ from: FROM });
  const { data: view, error, refetch } = useQuery(execution(id));
  const askAgain = useAskAgain(refetch);
  useChanges((changed) => {
    if (changed.some(({ execution_id }) => execution_id === id)) askAgain();
  });
  useEffect(() => {
    document.title = view ? `${view.status} · ${safe(view.execution_id)}` : 'Execution ledger';
    return () => void (document.title = 'Execution ledger');
  }, [view]);
  if (error && view === undefined)
    return (
      <div className="page">
        <h1>{error instanceof ApiProblem && error.status === 404 ? 'No such execution' : 'This execution'}</h1>
        <Failed error={error} retry={() => void refetch()} />
        {error instanceof ApiProblem && error.status === 404 && (
          <p>
            <Link to="/executions" search={{ q: id }}>
              Look for ids that begin so
            </Link>
          </p>
        )}
      </div>
    );
  return view === undefined ? <Loading rows={10} /> : <ExecutionView key={id} view={view} />;
}

function ExecutionView({ view }: { readonly view: Execution }) {
  const id = view.execution_id;
  const search = useSearch({ from: FROM });
  const { data: told, error: untold, refetch: readHistory } = useQuery(history(id, view.revision));
  const { data: lost, refetch: readRefused } = useQuery(refused(id, view.refused_count));
  const [historyAgain, refusedAgain] = [useAskAgain(readHistory), useAskAgain(readRefused)];
  useEffect(historyAgain, [historyAgain, view.revision]);
  useEffect(refusedAgain, [refusedAgain, view.refused_count]);
  const now = useNow();
  const wanted = numberIn(search['revision']);
  const isPast = wanted !== undefined && wanted < view.revision;
  const { data: past, error: noPast } = useQuery({ ...stateAt(id, wanted ?? 0), enabled: isPast });
  const shown = isPast ? past : view;
  const events = told?.events ?? [];
  const refusals = lost?.events ?? [];
  const until = useMemo(
    () => (isPast ? events.filter(({ revision }) => revision <= wanted) : events),
    [events, isPast, wanted],
  );
  const filter = SHOWN.find((one) => one === search['show']) ?? 'all';
  const entries = useMemo(() => entriesOf(events, refusals, filter), [events, refusals, filter]);
  const compare = numberIn(search['compare']);
  const other = typeof search['with'] === 'string' ? search['with'] : undefined;
  const isOver = view.completed_at !== undefined;
  return (
    <div className="page">
      <Heading view={shown ?? view} history={until} isPast={isPast} refusedCount={view.refused_count} current={view} />
      {view.unreadable && (
        <p className="notice bad" role="alert">
          An event of it cannot be read. It is shown as it stood before revision {view.unreadable.revision}:{' '}
          <Text>{view.unreadable.error}</Text>
        </p>
      )}
      <section className="sheet execution-lanes" aria-label="Attempts">
        {events.length > 0 ? (
          <div className="scroll" tabIndex={0} role="region" aria-label="Attempts on the ledger's clock">
            <Timeline
              history={events}
              refused={refusals}
              now={isOver ? Date.parse(view.last_activity_at) : now}
              at={until.at(-1)?.recorded_at}
            />
          </div>
        ) : (
          <Loading rows={3} />
        )}
        <Travel head={view.revision} shown={isPast ? wanted : view.revision} first={told?.leftOut ?? 0} />
      </section>
      {noPast && <Failed error={noPast} />}
      {(compare !== undefined || other !== undefined) && (
        <Compare
          view={shown ?? view}
          {...(other !== undefined ? { other } : compare !== undefined && { revision: compare })}
        />
      )}
      <div className="two">
        <section className="sheet">
          <div className="head row wide">
            <h2>What happened</h2>
            <Filter shown={filter} />
          </div>
          {untold && <Failed error={untold} />}
          {told && told.leftOut > 0 && (
            <p className="execution-fold">{told.leftOut} earlier events are left out: the API has them all.</p>
          )}
          {told ? <History entries={entries} now={isPast ? wanted : undefined} /> : <Loading rows={8} />}
        </section>
        <div className="stack">
          <section className="sheet">
            <h2>{isPast ? `Facts at revision ${wanted}` : 'Facts'}</h2>
            {shown ? <Facts view={shown} /> : <Loading rows={8} />}
          </section>
          <Payloads id={id} state={`${view.status} ${view.attempt} ${view.completed_at ?? ''}`} />
          <Children view={view} />
          <SameTarget view={view} />
        </div>
      </div>
    </div>
  );
}

function Filter({ shown }: { readonly shown: HistoryFilter }) {
  return (
    <span className="row small" role="group" aria-label="Shown">
      {SHOWN.map((one) => (
        <Link
          key={one}
          to="."
          replace
          search={({ show: _show, ...rest }) => (one === 'all' ? rest : { ...rest, show: one })}
          activeOptions={{ exact: true, includeSearch: true }}
          aria-current={one === shown}
          className={one === shown ? 'execution-shown' : ''}
        >
          {one}
        </Link>
      ))}
    </span>
  );
}
