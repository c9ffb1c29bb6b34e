import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { duration, whole } from '../../shared/format.js';
import { StatusMark, type Status } from '../../shared/status.js';
import { Text } from '../../shared/text.js';
import { ofTarget, tree } from './reading.js';
import type { Execution } from './story.js';

interface Relative {
  readonly execution_id: string;
  readonly status: Status;
  readonly says?: string | undefined;
}

function Relatives({ all, name }: { readonly all: readonly Relative[]; readonly name: string }) {
  return (
    <div className="scroll">
      <table aria-label={name}>
        <tbody>
          {all.map(({ execution_id, status, says }) => (
            <tr key={execution_id}>
              <td>
                <StatusMark status={status} />
              </td>
              <td>
                <Link to="/executions/$id" params={{ id: execution_id }} className="id">
                  <Text most={120}>{execution_id}</Text>
                </Link>
              </td>
              <td className="small number">{says}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What it started, by status and one by one. */
export function Children({ view }: { readonly view: Execution }) {
  // A new execution is not projected at once, and has no children then: that is no failure.
  const { data } = useQuery({ ...tree(view.execution_id), retry: false });
  const root = data?.root;
  const counts = Object.entries(root?.child_counts ?? {});
  if (!root || counts.length === 0) return null;
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const children = (root.children ?? []) as readonly Relative[];
  return (
    <section className="sheet">
      <div className="head row wide">
        <h2>Children</h2>
        <span className="small">
          <Link to="/executions" search={{ parent_execution_id: view.execution_id }}>
            all {whole(total)}
          </Link>
          {counts.map(([status, count]) => ` · ${whole(count)} ${status}`).join('')}
        </span>
      </div>
      <Relatives all={children.slice(0, 20)} name="Children" />
    </section>
  );
}

/** How the same target fared lately. */
export function SameTarget({ view }: { readonly view: Execution }) {
  const { data } = useQuery({ ...ofTarget(view.target ?? ''), enabled: view.target !== undefined });
  const others = (data?.executions ?? []).filter(({ execution_id }) => execution_id !== view.execution_id).slice(0, 5);
  if (others.length === 0) return null;
  return (
    <section className="sheet">
      <h2>Same target, lately</h2>
      <Relatives
        name="Same target, lately"
        all={others.map(({ execution_id, status, duration_ms }) => ({
          execution_id,
          status,
          says: duration_ms === undefined ? undefined : duration(duration_ms),
        }))}
      />
      <p className="body small">
        <Link to="." search={(search) => ({ ...search, with: others[0]!.execution_id })}>
          Compare with the last one
        </Link>
      </p>
    </section>
  );
}
