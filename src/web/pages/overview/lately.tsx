import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'react-aria-components';
import { Failed, Loading } from '../../shared/failed.js';
import { useAfterChanges, useAskAgain, useHeld, useWithin } from '../../shared/hold.js';
import type { ExecutionSummary } from '../../shared/live.js';
import { Moment } from '../../shared/moment.js';
import { StatusMark, type Status } from '../../shared/status.js';
import { Text } from '../../shared/text.js';
import { newerThan, type Narrow } from './asked.js';
import { lately } from './reading.js';

const EVERY_MS = 1_000;

interface LatelyProps {
  readonly narrow: Narrow;
  readonly isPaused: boolean;
  readonly onPause: () => void;
}

/** What changed last, as it happens; it stands still while it is paused, and while somebody is at it. */
export function Lately({ narrow, isPaused, onPause }: LatelyProps) {
  const { data, error, refetch } = useQuery(lately(narrow));
  useAfterChanges(useAskAgain(refetch), EVERY_MS);
  const [isWithin, handlers] = useWithin();
  const shown = useHeld(data, isPaused || isWithin);
  const newer = newerThan(shown?.executions ?? [], data?.executions ?? []);
  return (
    <section className="sheet" aria-label="Lately">
      <div className="head row wide">
        <h2>Lately</h2>
        <span className="row small">
          <span role="status">
            {newer > 0 && `${newer}${newer === data?.executions.length ? ' or more' : ''} newer`}
          </span>
          <Button className="link" onPress={onPause}>
            {isPaused ? 'paused · ' : 'live · '}
            <kbd>p</kbd> {isPaused ? 'goes on' : 'pauses'}
          </Button>
        </span>
      </div>
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : shown === undefined ? (
        <Loading rows={10} />
      ) : shown.executions.length === 0 ? (
        <p className="empty">Nothing has happened yet.</p>
      ) : (
        <ol className="overview-lately" {...handlers}>
          {shown.executions.map((execution) => (
            <One key={execution.execution_id} execution={execution as ExecutionSummary} />
          ))}
        </ol>
      )}
    </section>
  );
}

function One({
  execution: { execution_id, status, target, last_activity_at },
}: {
  readonly execution: ExecutionSummary;
}) {
  return (
    <li>
      <StatusMark status={status as Status} />
      <Link to="/executions/$id" params={{ id: execution_id }} className="id">
        <Text most={120}>{execution_id}</Text>
      </Link>
      <span className="small narrow-hide">{target !== undefined && <Text most={80}>{target}</Text>}</span>
      <span className="small number">
        <Moment at={last_activity_at} />
      </span>
    </li>
  );
}
