import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { answered, client } from '../../shared/api.js';
import { Failed, Loading } from '../../shared/failed.js';
import { duration, whole } from '../../shared/format.js';
import { useMay } from '../../shared/session.js';
import { ActionButtons } from './action-buttons.js';
import { isBusy, speed, type Projection } from './actions.js';
import { Chore, Drift, Parked } from './chores.js';
import './projections.css';

const QUIET_MS = 5_000;
const BUSY_MS = 1_000;

/** What is projected, how far it is, and what can be done about it. */
export default function Projections() {
  const { data, error, refetch, dataUpdatedAt } = useQuery({
    queryKey: ['projections'],
    queryFn: () => answered(client.GET('/api/v1/projections')),
    refetchInterval: ({ state }) => (state.data?.projections.some(isBusy) ? BUSY_MS : QUIET_MS),
  });
  const may = useMay('operate');
  return (
    <div className="page">
      <div>
        <h1>Projections</h1>
        <p className="small">
          The tables that lists and figures are read from. Each is made of the log alone, and can be made anew at any
          time.
        </p>
      </div>
      {!may && data && <p className="notice">To act on projections a key needs the scope operate.</p>}
      {error && <Failed error={error} retry={() => void refetch()} />}
      {data === undefined && !error && <Loading rows={10} />}
      {data?.projections.map((projection) => (
        <One key={projection.name} projection={projection} readAt={dataUpdatedAt} may={may} />
      ))}
    </div>
  );
}

/** The speed of a checkpoint between the last two readings, in events a second. */
function useSpeed(checkpoint: string, at: number): number | undefined {
  const before = useRef<{ checkpoint: string; at: number }>(undefined);
  const [found, setFound] = useState<number>();
  useEffect(() => {
    const now = { checkpoint, at };
    setFound(speed(before.current, now));
    before.current = now;
  }, [checkpoint, at]);
  return found;
}

interface OneProps {
  readonly projection: Projection;
  readonly readAt: number;
  readonly may: boolean;
}

function One({ projection, readAt, may }: OneProps) {
  const { name, version, state, checkpoint, head, lag_ms, lag_events, previous_version, leader, drifted } = projection;
  const perSecond = useSpeed(checkpoint, readAt);
  const figures: readonly (readonly [string, React.ReactNode])[] = [
    ['position', whole(BigInt(checkpoint))],
    ['head', whole(BigInt(head))],
    ['behind', lag_events === undefined ? duration(lag_ms) : `${whole(lag_events)} events, ${duration(lag_ms)}`],
    ['moves', perSecond === undefined ? '…' : `${whole(Math.round(perSecond))} positions/s`],
    ['version', previous_version === undefined ? version : `${version}, and ${previous_version} kept`],
    ['led by', leader ? `process ${leader.pid}` : 'nobody'],
    ...(drifted ? [['drift', `${whole(drifted.rows)} rows, found by the patrol`] as const] : []),
  ];
  return (
    <section className="sheet" aria-label={name}>
      <div className="head row wide">
        <span className="row">
          <h2 className="id">{name}</h2>
          <span className={`projection-state ${state}`}>{state}</span>
        </span>
        <ActionButtons projection={projection} may={may} />
      </div>
      <dl className="projection-figures">
        {figures.map(([what, figure]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{figure}</dd>
          </div>
        ))}
      </dl>
      <Chore kind="rebuild" chore={projection.rebuild} />
      <Chore kind="verification" chore={projection.verify} />
      <Chore kind="rollback" chore={projection.rollback} />
      <Drift drift={projection.verify?.state === 'verified' ? projection.verify.drift : projection.rebuild?.drift} />
      <Parked projection={projection} />
    </section>
  );
}
