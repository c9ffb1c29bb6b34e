import { Link } from '@tanstack/react-router';
import { duration } from '../../shared/format.js';
import { Moment } from '../../shared/moment.js';
import { Text } from '../../shared/text.js';
import type { Execution } from './story.js';

/** What is known of an execution beside its status; what nobody said is left out. */
export function Facts({ view }: { readonly view: Execution }) {
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    ['workflow', linked('workflow_id', view.workflow_id)],
    ['run', linked('run_id', view.run_id)],
    ['target', linked('target', view.target)],
    ['kind', linked('kind', view.kind)],
    [
      'parent',
      view.parent_execution_id && (
        <Link to="/executions/$id" params={{ id: view.parent_execution_id }} className="id">
          <Text>{view.parent_execution_id}</Text>
        </Link>
      ),
    ],
    ['labels', Object.keys(view.labels).length > 0 && <Labels labels={view.labels} />],
    ['worker', view.worker && <Text>{view.worker}</Text>],
    [
      'reports as',
      <code key="as">
        <Text>{view.report_as}</Text>
      </code>,
    ],
    ['told by', view.authority],
    ['reason', view.status_reason && <Text>{view.status_reason}</Text>],
    ['progress', view.progress !== undefined && `${view.progress} %`],
    ['message', view.message && <Text>{view.message}</Text>],
    ['phase', view.phase],
    ['deadline', view.deadline && <Moment at={view.deadline} exact />],
    ['created', <Moment key="created" at={view.created_at} exact />],
    ['started', view.started_at && <Moment at={view.started_at} exact />],
    ['completed', view.completed_at && <Moment at={view.completed_at} exact />],
    ['took', view.duration_ms !== undefined && duration(view.duration_ms)],
    ['revision', String(view.revision)],
  ];
  return (
    <dl className="facts">
      {facts.map(
        ([name, value]) =>
          Boolean(value) && (
            <div className="fact" key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

const linked = (filter: string, value: string | undefined): React.ReactNode =>
  value && (
    <Link to="/executions" search={{ [filter]: value }}>
      <Text>{value}</Text>
    </Link>
  );

const MOST_LABELS = 50;

function Labels({ labels }: { readonly labels: Readonly<Record<string, string>> }) {
  const all = Object.entries(labels);
  return (
    <>
      {all.slice(0, MOST_LABELS).map(([key, value], at) => (
        <span key={key}>
          {at > 0 && ', '}
          <Link to="/executions" search={{ label: `${key}:${value}` }}>
            <Text most={80}>{`${key}=${value}`}</Text>
          </Link>
        </span>
      ))}
      {all.length > MOST_LABELS && ` and ${all.length - MOST_LABELS} more`}
    </>
  );
}
