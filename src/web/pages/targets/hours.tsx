import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { TERMINAL_STATUSES } from '../../../domain/status.js';
import { Bars } from '../../shared/chart/bars.js';
import { Lines } from '../../shared/chart/lines.js';
import { Failed, Loading } from '../../shared/failed.js';
import { duration, whole } from '../../shared/format.js';
import { endedFrom, HOUR_MS, iso, LAST_NAMES, type Last } from '../../shared/last.js';
import { dayOf } from '../../shared/moment.js';
import { usePreferences } from '../../shared/preferences.js';
import { Text, safe } from '../../shared/text.js';
import { hoursOf, type Hour } from './by-hour.js';
import { health } from './reading.js';
import { percent, rowsOf } from './rows.js';

const SERIES = TERMINAL_STATUSES.map((status) => ({ name: status, look: status }));

interface HoursProps {
  readonly target: string;
  readonly last: Last;
  /** The parameter of the address that is taken away to close it. */
  readonly closes: 'target' | 'with';
}

/** One target, hour by hour. */
export function Hours({ target, last, closes }: HoursProps) {
  const { data, error, refetch } = useQuery(health(last, { target }));
  const name = safe(target, 120);
  const hours = useMemo(() => data && hoursOf(data), [data]);
  return (
    <section className="sheet" aria-label={name}>
      <div className="head row wide">
        <h2>
          <Text most={120}>{target}</Text>
        </h2>
        <Link to="." search={(search) => without(search, closes)} className="small">
          close<span className="only-read-aloud"> {name}</span>
        </Link>
      </div>
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : data === undefined || hours === undefined ? (
        <Loading rows={12} />
      ) : data.targets.length === 0 ? (
        <p className="empty">Nothing of it ended in the last {LAST_NAMES[last]}.</p>
      ) : (
        <>
          <Summary told={data.targets} />
          <Charts target={target} hours={hours} />
        </>
      )}
    </section>
  );
}

/** The address without one target; when the first is closed, the second takes its place. */
function without(search: Readonly<Record<string, string | readonly string[] | undefined>>, closes: 'target' | 'with') {
  const { target, with: other, ...rest } = search;
  const left = closes === 'target' ? other : target;
  return { ...rest, ...(left !== undefined && { target: left }) };
}

function Summary({ told }: { readonly told: Parameters<typeof rowsOf>[0] }) {
  const [row] = rowsOf(told, []);
  if (row === undefined) return null;
  const facts: readonly (readonly [string, string])[] = [
    ['ended', whole(row.total)],
    ['failing', percent(row.failing)],
    ...(['p50', 'p95', 'p99'] as const).map(
      (name) => [name, row[name] === undefined ? '–' : duration(row[name])] as const,
    ),
  ];
  return (
    <dl className="targets-facts">
      {facts.map(([name, fact]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
    </dl>
  );
}

function Charts({ target, hours }: { readonly target: string; readonly hours: readonly Hour[] }) {
  const { zone } = usePreferences();
  const navigate = useNavigate();
  const listed = ({ at }: Hour) => ({ target, ...endedFrom(at), completed_before: iso(at + HOUR_MS) });
  const says = ({ at, amounts }: Hour): string =>
    [
      dayOf(at, zone),
      TERMINAL_STATUSES.flatMap((status, of) => (amounts[of]! > 0 ? [`${whole(amounts[of]!)} ${status}`] : [])).join(
        ', ',
      ) || 'nothing ended',
    ].join(' · ');
  const busy = hours.filter(({ amounts }) => amounts.some((amount) => amount > 0));
  return (
    <>
      <Bars
        label="Outcomes by the hour; the table below has the figures"
        series={SERIES}
        columns={hours}
        stepMs={HOUR_MS}
        says={(at) => says(hours[at]!)}
        onChoose={(at) => void navigate({ to: '/executions', search: listed(hours[at]!) })}
      />
      <Lines label="Durations by the hour; the table below has the figures" columns={hours} stepMs={HOUR_MS} />
      <details className="targets-figures small">
        <summary>The figures, each with its list</summary>
        <div className="scroll" tabIndex={0} role="region" aria-label={`${safe(target, 60)}, its figures`}>
          <table>
            <thead>
              <tr>
                <th>Hour</th>
                {[...TERMINAL_STATUSES, 'p50', 'p95', 'p99'].map((name) => (
                  <th key={name} className="number">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {busy.map((hour) => (
                <tr key={hour.at}>
                  <td>
                    <Link to="/executions" search={listed(hour)}>
                      <time dateTime={iso(hour.at)}>{dayOf(hour.at, zone)}</time>
                    </Link>
                  </td>
                  {hour.amounts.map((amount, of) => (
                    <td key={of} className="number">
                      {whole(amount)}
                    </td>
                  ))}
                  {[hour.p50, hour.p95, hour.p99].map((ms, of) => (
                    <td key={of} className="number">
                      {ms === undefined ? '–' : duration(ms)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}
