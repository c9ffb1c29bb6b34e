import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Bars } from '../../shared/chart/bars.js';
import { Lines } from '../../shared/chart/lines.js';
import { sumOf } from '../../shared/chart/scale.js';
import { Failed, Loading } from '../../shared/failed.js';
import { FiguresAsOf } from '../../shared/figures-as-of.js';
import { duration, whole } from '../../shared/format.js';
import { useAfterChanges, useAskAgain, useHeld } from '../../shared/hold.js';
import { endedFrom, iso, LAST_NAMES } from '../../shared/last.js';
import { dayOf } from '../../shared/moment.js';
import { usePreferences } from '../../shared/preferences.js';
import { safe } from '../../shared/text.js';
import { BYS, type OverviewQuery, type By } from './asked.js';
import { INTERVALS, outcomes } from './reading.js';
import { columnsOf, partsOfBuckets, type Histogram } from './series.js';

const EVERY_MS = 10_000;

/** How executions ended, and how long they took, over time. */
export function Outcomes({ asked, isPaused }: { readonly asked: OverviewQuery; readonly isPaused: boolean }) {
  const { data, error, refetch } = useQuery(outcomes(asked));
  useAfterChanges(useAskAgain(refetch), EVERY_MS);
  const shown = useHeld(data, isPaused);
  return (
    <section className="sheet" aria-label="Outcomes">
      <div className="head row wide">
        <h2>Outcomes</h2>
        <span className="small">
          per {INTERVALS[asked.last].said} · <Bys chosen={asked.by} />
          {shown && (
            <>
              {' · '}
              <FiguresAsOf asOf={shown.as_of} />
            </>
          )}
        </span>
      </div>
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : shown === undefined ? (
        <Loading rows={12} />
      ) : (
        <Charts found={shown} asked={asked} />
      )}
    </section>
  );
}

function Bys({ chosen }: { readonly chosen: By }) {
  return (
    <span role="group" aria-label="Told apart by">
      by{' '}
      {BYS.map((by) => (
        <Link
          key={by}
          to="."
          replace
          activeOptions={{ exact: true }}
          search={({ by: _by, ...rest }) => (by === 'status' ? rest : { ...rest, by })}
          {...(by === chosen && { 'aria-current': 'true' as const })}
          className={`overview-by${by === chosen ? ' chosen' : ''}`}
        >
          {by}
        </Link>
      ))}
    </span>
  );
}

function Charts({ found: { buckets }, asked }: { readonly found: Histogram; readonly asked: OverviewQuery }) {
  const { zone } = usePreferences();
  const navigate = useNavigate();
  const parts = useMemo(() => partsOfBuckets(buckets, asked.by), [buckets, asked.by]);
  const columns = useMemo(() => columnsOf(buckets, parts), [buckets, parts]);
  const stepMs = INTERVALS[asked.last].ms;
  const all = columns.reduce((sum, column) => sum + sumOf(column), 0);
  if (all === 0) return <p className="empty">Nothing ended in the last {LAST_NAMES[asked.last]}.</p>;
  const listed = (at: number) => ({
    ...asked.narrow,
    ...endedFrom(columns[at]!.at),
    completed_before: iso(columns[at]!.at + stepMs),
  });
  const says = (at: number): string => {
    const { at: from, amounts } = columns[at]!;
    const said = parts.flatMap(({ name }, of) =>
      amounts[of]! > 0 ? [`${whole(amounts[of]!)} ${safe(name, 40)}`] : [],
    );
    return [dayOf(from, zone), said.length > 0 ? said.join(', ') : 'nothing ended'].join(' · ');
  };
  return (
    <>
      <Bars
        label={`${whole(all)} outcomes in the last ${LAST_NAMES[asked.last]}, by ${asked.by}; the table below has the figures`}
        series={parts.map(({ name, look }) => ({ name: safe(name, 60), look }))}
        columns={columns}
        stepMs={stepMs}
        says={says}
        onChoose={(at) => void navigate({ to: '/executions', search: listed(at) })}
      />
      <Lines
        label="How long they took: half took less than p50, 19 of 20 less than p95; the table below has the figures"
        columns={buckets.map(({ p50_ms, p95_ms }, at) => ({
          at: columns[at]!.at,
          ...(p50_ms !== undefined && { p50: p50_ms }),
          ...(p95_ms !== undefined && { p95: p95_ms }),
        }))}
        stepMs={stepMs}
      />
      <details className="overview-aside small">
        <summary>The figures, each with its list</summary>
        <div className="scroll" tabIndex={0} role="region" aria-label="Outcomes, their figures">
          <table className="overview-figures">
            <thead>
              <tr>
                <th>From</th>
                {parts.map(({ name, look }) => (
                  <th key={look} className="number">
                    {safe(name, 40)}
                  </th>
                ))}
                <th className="number">p50</th>
                <th className="number">p95</th>
              </tr>
            </thead>
            <tbody>
              {buckets.map(({ from, p50_ms, p95_ms }, at) => (
                <tr key={from}>
                  <td>
                    <Link to="/executions" search={listed(at)}>
                      <time dateTime={from}>{dayOf(from, zone)}</time>
                    </Link>
                  </td>
                  {columns[at]!.amounts.map((amount, of) => (
                    <td key={parts[of]!.look} className="number">
                      {whole(amount)}
                    </td>
                  ))}
                  <td className="number">{p50_ms === undefined ? '–' : duration(p50_ms)}</td>
                  <td className="number">{p95_ms === undefined ? '–' : duration(p95_ms)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}
