import type { components } from '../../../client/openapi.js';

export type Projection = components['schemas']['Projection'];
export type ActionName = 'rebuild' | 'verify' | 'pause' | 'resume' | 'rollback' | 'prune' | 'retry';

/** What may be done with a projection: when it is offered, and what it will do, told before it is done. */
export interface Action {
  readonly name: ActionName;
  readonly title: string;
  readonly isOffered: (projection: Projection) => boolean;
  readonly does: (projection: Projection) => string;
}

const isUnderWay = (state: string | undefined): boolean => state === 'running' || state === 'verifying';
/** Whether anything takes its time with a projection just now. */
export const isBusy = ({ rebuild, verify, rollback, retrying }: Projection): boolean =>
  [rebuild?.state, verify?.state, rollback?.state].some(isUnderWay) || retrying === true;

/** The actions, in the order in which they are shown (docs/operations.md, Rebuilding and verifying). */
export const ACTIONS: readonly Action[] = [
  {
    name: 'verify',
    title: 'Verify',
    isOffered: (projection) => !isBusy(projection),
    does: () => 'Makes the table anew from the log, beside the live one, and compares the two. Readers notice nothing.',
  },
  {
    name: 'rebuild',
    title: 'Rebuild',
    isOffered: (projection) => !isBusy(projection),
    does: ({ version }) =>
      `Makes a new version from the log, compares it with version ${version}, and then has readers read it. ` +
      `Version ${version} is kept for a rollback.`,
  },
  {
    name: 'pause',
    title: 'Pause',
    isOffered: ({ state }) => state !== 'paused',
    does: () => 'The projection stands still, and lists fall behind, until it is resumed. Nothing is lost.',
  },
  {
    name: 'resume',
    title: 'Resume',
    isOffered: ({ state, rebuild, verify }) =>
      state === 'paused' || rebuild?.state === 'paused' || verify?.state === 'paused',
    does: ({ lag_events }) => `It goes on where it stands${lag_events ? `, ${lag_events} events behind` : ''}.`,
  },
  {
    name: 'rollback',
    title: 'Roll back',
    isOffered: (projection) => projection.previous_version !== undefined && !isBusy(projection),
    does: ({ previous_version, version }) =>
      `Version ${previous_version} catches up with the log, and readers read it again; version ${version} is kept.`,
  },
  {
    name: 'prune',
    title: 'Prune',
    isOffered: (projection) => projection.previous_version !== undefined && !isBusy(projection),
    does: ({ previous_version }) => `Drops version ${previous_version}: there is no rollback to it any more.`,
  },
  {
    name: 'retry',
    title: 'Retry parked events',
    isOffered: (projection) => projection.parked_count > 0 && projection.retrying !== true,
    does: ({ parked_count }) =>
      `Tries ${parked_count === 1 ? 'the parked event' : `the ${parked_count} parked events`} again; what still cannot be read stays parked.`,
  },
];

/** How far something is, in hundredths; undefined where that is not known. */
export function percent({
  events,
  events_total,
}: {
  readonly events: number;
  readonly events_total?: number;
}): number | undefined {
  return events_total === undefined || events_total === 0 ? undefined : Math.min(100, (events / events_total) * 100);
}

/** How fast a checkpoint moves, from two readings; undefined before there are two, or where it went back. */
export function speed(
  before: { readonly checkpoint: string; readonly at: number } | undefined,
  now: { readonly checkpoint: string; readonly at: number },
): number | undefined {
  if (before === undefined || now.at <= before.at) return undefined;
  const moved = Number(BigInt(now.checkpoint) - BigInt(before.checkpoint));
  return moved < 0 ? undefined : (moved * 1_000) / (now.at - before.at);
}
