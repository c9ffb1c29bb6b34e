import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Failed, Loading } from '../../shared/failed.js';
import { FiguresAsOf } from '../../shared/figures-as-of.js';
import { whole } from '../../shared/format.js';
import { useHeld } from '../../shared/hold.js';
import { countOf, inbox, type Inbox as InboxAnswer } from '../../shared/inbox.js';
import { Moment } from '../../shared/moment.js';
import { useMay, type Scope } from '../../shared/session.js';
import { searchOf } from './asked.js';

type Item = InboxAnswer['items'][number];

/** What each kind is, how bad, and what is done about it by whoever may. */
const KINDS: Readonly<
  Record<Item['kind'], { readonly says: string; readonly tone: string; readonly act?: readonly [string, Scope] }>
> = {
  silent: { says: 'a worker has it, and says nothing', tone: 'failed' },
  contradicted: { says: 'its outcome is in doubt', tone: 'timeout' },
  zombies: { says: 'a worker of an older attempt still reports', tone: 'timeout' },
  failed_and_resumable: { says: 'ended, and may be opened again', tone: 'failed', act: ['Resume…', 'command'] },
  waiting_for_approval: { says: 'goes on when somebody says so', tone: 'waiting' },
  past_due: { says: 'open, though its deadline has passed', tone: 'timeout' },
  drift: { says: 'rows that are not what the log says', tone: 'failed', act: ['Rebuild…', 'operate'] },
  parked_events: { says: 'could not be read, and were passed over', tone: 'timeout', act: ['Retry…', 'operate'] },
  stalled_projections: { says: 'not led, or does not get on', tone: 'failed' },
};

/** What needs a person: counted, with the way to what can be done about it. All kinds, in one order: none moves another. */
export function Inbox({ isNarrowed, isPaused }: { readonly isNarrowed: boolean; readonly isPaused: boolean }) {
  const { data, error, refetch } = useQuery(inbox);
  const shown = useHeld(data, isPaused);
  return (
    <section className="sheet" aria-label="Needs a person">
      <div className="head row wide">
        <h2>Needs a person</h2>
        <span className="row">
          {shown && <b>{countOf(shown.items)}</b>}
          {shown && <FiguresAsOf asOf={shown.as_of} />}
        </span>
      </div>
      {isNarrowed && <p className="overview-aside small">Of all executions: it cannot be narrowed.</p>}
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : shown === undefined ? (
        <Loading rows={16} />
      ) : (
        <ul className="overview-inbox">
          {shown.items.map((item) => (
            <One key={item.kind} item={item} />
          ))}
        </ul>
      )}
    </section>
  );
}

function One({ item: { kind, count, count_is_exact, oldest_at, query } }: { readonly item: Item }) {
  const { says, tone, act: [action, scope] = ['Look', 'read'] } = KINDS[kind];
  const may = useMay(scope);
  const name = kind.replaceAll('_', ' ');
  return (
    <li className={count > 0 ? '' : 'none'} data-kind={kind}>
      <b className={`overview-number ${tone}`}>{whole(count) + (count_is_exact ? '' : '+')}</b>
      <span>
        <span className="overview-said">
          <span className="overview-kind">{name}</span>
          {oldest_at !== undefined && (
            <span className="small" title="the one that nobody heard of for longest">
              {' '}
              · <Moment at={oldest_at} />
            </span>
          )}
        </span>
        <span className="overview-says small">{says}</span>
      </span>
      {count > 0 && (
        <Link
          to={query.startsWith('/api/v1/executions') ? '/executions' : '/projections'}
          search={searchOf(query)}
          className="button"
          aria-label={`${may ? action : 'Look'}: ${name}`}
        >
          {may ? action : 'Look'}
        </Link>
      )}
    </li>
  );
}
