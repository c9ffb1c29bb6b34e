import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Failed, Loading } from '../../shared/failed.js';
import { safe } from '../../shared/text.js';
import { differences } from './differences.js';
import { execution, stateAt } from './reading.js';
import type { Execution } from './story.js';

/** Fields in which two states differ, side by side. */
export function Compare({
  view,
  revision,
  other,
}: {
  readonly view: Execution;
  readonly revision?: number;
  readonly other?: string;
}) {
  const then = useQuery({ ...stateAt(view.execution_id, revision ?? 0), enabled: revision !== undefined });
  const they = useQuery({ ...execution(other ?? ''), enabled: other !== undefined });
  const { data, error } = other === undefined ? then : they;
  const name = other === undefined ? `revision ${revision}` : other;
  return (
    <section className="sheet" aria-label="Compared">
      <div className="head row wide">
        <h2>
          Compared with <bdi>{safe(name, 120)}</bdi>
        </h2>
        <Link to="." search={({ compare: _compare, with: _with, ...rest }) => rest} className="small">
          close
        </Link>
      </div>
      {error ? (
        <Failed error={error} />
      ) : data === undefined ? (
        <Loading />
      ) : (
        <Table left={data} right={view} name={name} />
      )}
    </section>
  );
}

function Table({ left, right, name }: { readonly left: Execution; readonly right: Execution; readonly name: string }) {
  const rows = differences(left, right);
  if (rows.length === 0) return <p className="empty">No field differs.</p>;
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            <th>Field</th>
            <th>{safe(name, 60)}</th>
            <th>this, now shown</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ field, one, other }) => (
            <tr key={field}>
              <td className="small">{field}</td>
              <td className="id">{one === undefined ? '–' : safe(one, 300)}</td>
              <td className="id">{other === undefined ? '–' : safe(other, 300)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
