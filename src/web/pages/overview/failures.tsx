import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { Failed, Loading } from '../../shared/failed.js';
import { FiguresAsOf } from '../../shared/figures-as-of.js';
import { whole } from '../../shared/format.js';
import { useAfterChanges, useAskAgain, useHeld, useWithin } from '../../shared/hold.js';
import { endedFrom, LAST_NAMES } from '../../shared/last.js';
import { Moment } from '../../shared/moment.js';
import { Text } from '../../shared/text.js';
import type { components } from '../../../client/openapi.js';
import { partsOf, type OverviewQuery } from './asked.js';
import { failures } from './reading.js';

type Groups = components['schemas']['FailureGroups'];

const EVERY_MS = 5_000;

/** Why executions failed: by what their errors have in common, each leading to its executions. */
export function Failures({ asked, isPaused }: { readonly asked: OverviewQuery; readonly isPaused: boolean }) {
  const { data, error, refetch } = useQuery(failures(asked));
  useAfterChanges(useAskAgain(refetch), EVERY_MS);
  const [isWithin, handlers] = useWithin();
  const shown = useHeld(data, isPaused || isWithin);
  return (
    <section className="sheet" aria-label="Why they failed" {...handlers}>
      <div className="head row wide">
        <h2>Why they failed</h2>
        {shown && (
          <span className="small">
            {whole(shown.groups.reduce((sum, { count }) => sum + count, 0))} in the last {LAST_NAMES[asked.last]},{' '}
            {shown.groups.length === 1 ? '1 kind' : `${whole(shown.groups.length)}${shown.truncated ? '+' : ''} kinds`}{' '}
            · <FiguresAsOf asOf={shown.as_of} />
          </span>
        )}
      </div>
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : shown === undefined ? (
        <Loading rows={6} />
      ) : shown.groups.length === 0 ? (
        <p className="empty">Nothing failed in the last {LAST_NAMES[asked.last]}.</p>
      ) : (
        <Table found={shown} asked={asked} />
      )}
    </section>
  );
}

const MOST_ROWS = 20;

function Table({ found, asked }: { readonly found: Groups; readonly asked: OverviewQuery }) {
  const rows = found.groups.slice(0, MOST_ROWS);
  return (
    <>
      <div className="scroll" tabIndex={0} role="region" aria-label="Failures by what they have in common">
        <table className="overview-failures">
          <thead>
            <tr>
              <th className="number">Count</th>
              <th>Error, with what varies taken out</th>
              <th className="narrow-hide">First</th>
              <th>Last</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((group) => (
              <Row key={group.fingerprint} group={group} from={found.from} asked={asked} />
            ))}
          </tbody>
        </table>
      </div>
      {found.groups.length > rows.length && (
        <p className="overview-aside small">
          The {MOST_ROWS} with the most failures of {whole(found.groups.length)}.
        </p>
      )}
    </>
  );
}

interface RowProps {
  readonly group: Groups['groups'][number];
  readonly from: string;
  readonly asked: OverviewQuery;
}

function Row({ group, from, asked }: RowProps) {
  const { fingerprint, pattern, count, standing, first_at, last_at, targets, example } = group;
  return (
    <tr>
      <td className="number">
        <b>{whole(count)}</b>
        {standing < count && <small>{whole(standing)} still</small>}
      </td>
      <td>
        <Link
          to="/executions"
          search={{ ...asked.narrow, failure_group: fingerprint, ...endedFrom(Date.parse(from)) }}
          className="overview-pattern"
        >
          {pattern === '' ? <i>no error was said</i> : <Pattern pattern={pattern} />}
        </Link>
        <span className="overview-where small">
          {targets.map((target, at) => (
            <Fragment key={target}>
              {at > 0 && ', '}
              <Link to="/" search={(search: object) => ({ ...search, target })}>
                <Text most={60}>{target}</Text>
              </Link>
            </Fragment>
          ))}
          {example !== undefined && (
            <>
              {targets.length > 0 && ' · '}
              such as{' '}
              <Link to="/executions/$id" params={{ id: example }} className="id">
                <Text most={80}>{example}</Text>
              </Link>
            </>
          )}
        </span>
      </td>
      <td className="small narrow-hide">
        <Moment at={first_at} />
      </td>
      <td className="small">
        <Moment at={last_at} />
      </td>
    </tr>
  );
}

function Pattern({ pattern }: { readonly pattern: string }) {
  return (
    <bdi>
      {partsOf(pattern).map(({ text, varies }, at) => (
        <span key={at} className={varies ? 'dim' : ''}>
          <Text>{text}</Text>
        </span>
      ))}
    </bdi>
  );
}
