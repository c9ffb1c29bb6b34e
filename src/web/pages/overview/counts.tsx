import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Failed } from '../../shared/failed.js';
import { FiguresAsOf } from '../../shared/figures-as-of.js';
import { whole } from '../../shared/format.js';
import { useAfterChanges, useAskAgain, useHeld } from '../../shared/hold.js';
import { StatusMark, STATUSES } from '../../shared/status.js';
import { countable, type Narrow } from './asked.js';
import { counts } from './reading.js';

const EVERY_MS = 1_000;

/** How many executions stand in each status now, whenever they began: each figure leads to its list. */
export function Counts({ narrow, isPaused }: { readonly narrow: Narrow; readonly isPaused: boolean }) {
  const { data, error, refetch } = useQuery(counts(narrow));
  useAfterChanges(useAskAgain(refetch), EVERY_MS);
  const shown = useHeld(data, isPaused);
  if (error && data === undefined) return <Failed error={error} retry={() => void refetch()} />;
  return (
    <section aria-label="By status" className="overview-by-status">
      <ul className="sheet overview-counts">
        {STATUSES.map((status) => (
          <li key={status}>
            <Link to="/executions" search={{ status, ...countable(narrow) }}>
              <StatusMark status={status} />
              <b>{shown === undefined ? '…' : whole(shown.counts[status] ?? 0)}</b>
            </Link>
          </li>
        ))}
      </ul>
      <p className="small">
        All that the ledger knows, as it stands now
        {narrow.kind !== undefined && ', of every kind: counts are not kept by kind'}
        {shown && (
          <>
            {' · '}
            <FiguresAsOf asOf={shown.as_of} />
          </>
        )}
      </p>
    </section>
  );
}
