import { Link } from '@tanstack/react-router';
import { duration, whole } from '../../shared/format.js';
import { beginOf, endedFrom, HOUR_MS, type Last } from '../../shared/last.js';
import { ledgerNow } from '../../shared/moment.js';
import { Text } from '../../shared/text.js';
import { NOTABLY_SLOWER, percent, times, type Row, type Sort } from './rows.js';

const COLUMNS: readonly (readonly [sort: Sort, name: string, says: string])[] = [
  ['total', 'Ended', 'how many ended'],
  ['failed', 'Failed', 'failed or timed out'],
  ['failing', 'Failing', 'the share that failed or timed out'],
  ['p50', 'p50', 'half took less'],
  ['p95', 'p95', '19 of 20 took less'],
  ['p99', 'p99', '99 of 100 took less'],
  ['slower', 'Slower', 'p95, as many times that of as much time before'],
];

interface TableProps {
  readonly rows: readonly Row[];
  readonly sort: Sort;
  readonly last: Last;
  readonly opened: string | undefined;
  readonly other: string | undefined;
}

/** All targets, sorted by what the address says. */
export function Table({ rows, sort, last, opened, other }: TableProps) {
  const most = Math.max(...rows.map(({ total }) => total));
  const ended = endedFrom(beginOf(last, HOUR_MS, ledgerNow()));
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label="Targets and how they fare">
      <table className="targets-table">
        <thead>
          <tr>
            <th>Target</th>
            {COLUMNS.map(([by, name, says]) => (
              <th key={by} className="number" aria-sort={by === sort ? 'descending' : 'none'} title={says}>
                <Link to="." replace search={(search) => ({ ...search, sort: by })}>
                  {name}
                  {by === sort && <span aria-hidden="true"> ↓</span>}
                </Link>
              </th>
            ))}
            <th>
              <span className="only-read-aloud">Compare</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <One key={row.target ?? '\0none'} row={row} most={most} ended={ended} opened={opened} other={other} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface OneProps {
  readonly row: Row;
  readonly most: number;
  readonly ended: object;
  readonly opened: string | undefined;
  readonly other: string | undefined;
}

function One({ row, most, ended, opened, other }: OneProps) {
  const { target, outcomes, total, failing, slower } = row;
  const failed = outcomes.failed + outcomes.timeout;
  const isOpen = target !== null && (target === opened || target === other);
  return (
    <tr className={isOpen ? 'open' : ''}>
      <td>
        {target === null ? (
          <i className="dim">no target was said</i>
        ) : (
          <Link to="." search={(search) => ({ ...search, target })}>
            <Text most={120}>{target}</Text>
          </Link>
        )}
        <Shares outcomes={outcomes} share={total / most} />
      </td>
      <td className="number">
        {target === null ? (
          whole(total)
        ) : (
          <Link to="/executions" search={{ target, ...ended }}>
            {whole(total)}
          </Link>
        )}
      </td>
      <td className="number">
        {target === null || failed === 0 ? (
          whole(failed)
        ) : (
          <Link to="/executions" search={{ target, status: ['failed', 'timeout'], ...ended }}>
            {whole(failed)}
          </Link>
        )}
      </td>
      <td className="number">{percent(failing)}</td>
      {[row.p50, row.p95, row.p99].map((ms, at) => (
        <td key={at} className="number">
          {ms === undefined ? '–' : duration(ms)}
        </td>
      ))}
      <td className={`number${slower !== undefined && slower >= NOTABLY_SLOWER ? ' targets-slower' : ''}`}>
        {slower === undefined ? '–' : times(slower)}
      </td>
      <td className="small">
        {opened !== undefined && target !== null && !isOpen && (
          <Link to="." search={(search) => ({ ...search, with: target })}>
            compare<span className="only-read-aloud"> with {target}</span>
          </Link>
        )}
      </td>
    </tr>
  );
}

/** The outcomes as a line as long as the target has many of them; the figures stand beside it. */
function Shares({ outcomes, share }: { readonly outcomes: Row['outcomes']; readonly share: number }) {
  return (
    <span className="targets-shares" aria-hidden="true" style={{ width: `${Math.max(2, share * 100)}%` }}>
      {Object.entries(outcomes).map(
        ([status, count]) =>
          count > 0 && <span key={status} className={`chart-key ${status}`} style={{ flex: count }} />,
      )}
    </span>
  );
}
