import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Failed, Loading } from '../../shared/failed.js';
import { FiguresAsOf } from '../../shared/figures-as-of.js';
import { useHeld, useWithin } from '../../shared/hold.js';
import { LAST_NAMES, lastOf } from '../../shared/last.js';
import { LastLinks } from '../../shared/last-links.js';
import { Hours } from './hours.js';
import { health, TARGET_LASTS } from './reading.js';
import { rowsOf, sorted, sortOf } from './rows.js';
import { Table } from './table.js';
import '../../shared/status.css';
import '../../shared/chart/chart.css';
import './targets.css';

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** How targets fare: how often they fail, how long they take, and which of them got slower. */
export default function Targets() {
  const search = useSearch({ from: '/app/targets' });
  const last = lastOf(search, TARGET_LASTS);
  const sort = sortOf(search['sort']);
  const [target, other] = [textOf(search['target']), textOf(search['with'])];
  const { data, error, refetch } = useQuery(health(last));
  const { data: earlier, error: unknown } = useQuery(health(last, { before: true }));
  const [isWithin, handlers] = useWithin();
  const rows = useMemo(() => data && sorted(rowsOf(data.targets, earlier?.targets ?? []), sort), [data, earlier, sort]);
  return (
    <div className="page">
      <div className="row wide">
        <div>
          <h1>Targets</h1>
          <p className="small">
            Outcomes by the hour in which they came, and how long executions took
            {data && (
              <>
                {' · '}
                <FiguresAsOf asOf={data.as_of} />
              </>
            )}
          </p>
        </div>
        <LastLinks chosen={last} among={TARGET_LASTS} />
      </div>
      {target !== undefined && (
        <div className={other === undefined ? 'stack' : 'targets-two'}>
          <Hours key={`${target} ${last}`} target={target} last={last} closes="target" />
          {other !== undefined && <Hours key={`${other} ${last}`} target={other} last={last} closes="with" />}
        </div>
      )}
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : (
        <section className="sheet" aria-label="All targets" {...handlers}>
          {unknown && <Failed error={unknown} />}
          {rows === undefined ? (
            <Loading rows={10} />
          ) : rows.length === 0 ? (
            <p className="empty">Nothing ended in the last {LAST_NAMES[last]}.</p>
          ) : (
            <Held key={`${last} ${sort}`} isHeld={isWithin} rows={rows}>
              {(shown) => <Table rows={shown} sort={sort} last={last} opened={target} other={other} />}
            </Held>
          )}
        </section>
      )}
    </div>
  );
}

interface HeldProps<T> {
  readonly rows: T;
  readonly isHeld: boolean;
  readonly children: (rows: T) => React.ReactNode;
}

/** Rows that do not change places under the pointer. */
function Held<T>({ rows, isHeld, children }: HeldProps<T>) {
  return children(useHeld(rows, isHeld));
}
