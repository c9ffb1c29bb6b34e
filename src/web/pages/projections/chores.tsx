import { Link } from '@tanstack/react-router';
import { duration, whole } from '../../shared/format.js';
import { Moment } from '../../shared/moment.js';
import { Text } from '../../shared/text.js';
import { percent, type Projection } from './actions.js';

type Operation = NonNullable<Projection['rebuild'] | Projection['verify'] | Projection['rollback']>;

/** What takes its time, or has been done: how far it is, or what it came to. */
export function Chore({ kind, chore }: { readonly kind: string; readonly chore: Operation | undefined }) {
  if (chore === undefined) return null;
  const isDone = chore.finished_at !== undefined;
  return (
    <div className="projection-chore">
      <p className="small" role="status">
        <b>{kind}</b> {chore.state}
        {'phase' in chore && chore.phase !== undefined && !isDone && `, ${chore.phase}`}
        {'by' in chore && chore.by === undefined && !isDone && ', waits to be taken on'}
        {'rows' in chore && chore.rows !== undefined && isDone && `, ${whole(chore.rows)} rows compared`}
        {' · '}
        <Moment at={chore.finished_at ?? chore.started_at} />
      </p>
      {chore.error !== undefined && (
        <p className="notice bad">
          <Text>{chore.error}</Text>
        </p>
      )}
      {!isDone && 'events' in chore && <Progress kind={kind} chore={chore} />}
    </div>
  );
}

function Progress({ kind, chore }: { readonly kind: string; readonly chore: Extract<Operation, { events: number }> }) {
  const share = percent(chore as { events: number; events_total?: number });
  return (
    <div className="projection-progress">
      <progress max="100" {...(share !== undefined && { value: share })} aria-label={`${kind}, how far it is`} />
      <span className="small">
        {whole(chore.events)}
        {chore.events_total !== undefined && ` of ${whole(chore.events_total)}`} events,{' '}
        {whole(Math.round(chore.events_per_second))}/s
        {chore.eta_ms !== undefined && `, ${duration(chore.eta_ms)} left`}
      </span>
    </div>
  );
}

type DriftReport = NonNullable<Projection['verify']>['drift'];

/** What a comparison found to differ, field by field. */
export function Drift({ drift }: { readonly drift: DriftReport | undefined }) {
  if (drift === undefined || drift.rows === 0) return null;
  return (
    <div className="projection-chore">
      <p className="notice bad">
        {whole(drift.rows)} rows are not what the log says:{' '}
        {Object.entries(drift.fields)
          .map(([field, count]) => `${field} ${whole(count)} times`)
          .join(', ')}
        .
      </p>
      <div className="scroll">
        <table aria-label="The first differences">
          <thead>
            <tr>
              <th>Execution</th>
              <th>Field</th>
              <th>In the table</th>
              <th>By the log</th>
            </tr>
          </thead>
          <tbody>
            {drift.sample.map(({ execution_id, field, live, rebuilt }) => (
              <tr key={`${execution_id} ${field}`}>
                <td className="id">
                  <Link to="/executions/$id" params={{ id: execution_id }}>
                    <Text most={120}>{execution_id}</Text>
                  </Link>
                </td>
                <td>{field}</td>
                <td className="id">{live === null ? '–' : <Text most={200}>{live}</Text>}</td>
                <td className="id">{rebuilt === null ? '–' : <Text most={200}>{rebuilt}</Text>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

const MOST_PARKED = 50;

/** Events that this projection could not read: where they stand, and why. */
export function Parked({ projection: { parked, parked_count } }: { readonly projection: Projection }) {
  if (parked_count === 0) return null;
  return (
    <div className="projection-chore">
      <p className="notice">
        {parked_count === 1 ? 'One event is' : `${whole(parked_count)} events are`} parked: it could not be read, and
        nothing waits for it.
      </p>
      <div className="scroll">
        <table aria-label="Parked events">
          <thead>
            <tr>
              <th>Position</th>
              <th>Execution</th>
              <th>Event</th>
              <th>Why</th>
            </tr>
          </thead>
          <tbody>
            {parked.slice(0, MOST_PARKED).map(({ position, execution_id, event_type, error }) => (
              <tr key={position}>
                <td>{whole(BigInt(position))}</td>
                <td className="id">
                  <Link to="/executions/$id" params={{ id: execution_id }}>
                    <Text most={120}>{execution_id}</Text>
                  </Link>
                </td>
                <td>
                  <Text most={80}>{event_type}</Text>
                </td>
                <td className="small">
                  <Text most={300}>{error}</Text>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
