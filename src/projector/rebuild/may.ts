import type { Projection } from '../../../projections/projection.js';
import { unfinished, whoIsAtIt, type Asked, type ChoreKind, type ChoreStanding } from './chore.js';

type Objection = (standing: ChoreStanding, projection: Projection, kind: ChoreKind) => string | undefined;

const isNewer: Objection = ({ live }, { name, version }) =>
  live.foldVersion > version
    ? `the table of ${name} is of version ${live.foldVersion}, newer than this program's ${version}: ask the newer program`
    : undefined;

const isOlder: Objection = ({ live }, { name, version }) =>
  live.foldVersion < version
    ? `the table of ${name} is of version ${live.foldVersion}, older than this program's ${version}: it is to be rebuilt first`
    : undefined;

const hasNoPrevious: Objection = ({ previous }, { name, version }) => {
  if (!previous) return `${name} has no previous version to go back to`;
  if (previous.foldVersion === version) return undefined;
  return `the previous version of ${name} was made by version ${previous.foldVersion} of its code and this program is of ${version}: roll back with the program that made it`;
};

/** Without hands: what is begun belongs to whoever resumes it, and is not to be dropped from under them. */
const isBegun: Objection = (standing, { name }) =>
  unfinished(standing, 'rebuild') || unfinished(standing, 'verify')
    ? `${name} has a rebuild or verification that is not finished: let it end, or resume it, first`
    : undefined;

const isAskedFor: Objection = (standing, { name }, kind) => {
  const asked = unfinished(standing, kind);
  if (!asked || asked.paused) return undefined;
  return `a ${kind} of ${name} was asked for at ${asked.startedAt} and waits for a server with PROJECTOR=inline to take it on`;
};

/**
 * A rebuild drops the version that a rollback would go back to, and makes another the one before the live one: whichever came
 * second would not do what was asked for.
 */
const isAtOddsWith =
  (other: ChoreKind): Objection =>
  (standing, { name }) => {
    const asked = unfinished(standing, other);
    return asked && `a ${other} of ${name} was asked for at ${asked.startedAt} and is not finished: let it end first`;
  };

/** Why something cannot be done now, apart from somebody being at it. */
const OBJECTIONS: Readonly<Record<ChoreKind | 'prune', readonly Objection[]>> = {
  rebuild: [isNewer, isAskedFor, isAtOddsWith('rollback')],
  verify: [isNewer, isOlder, isAskedFor],
  rollback: [isNewer, isAskedFor, isAtOddsWith('rebuild'), hasNoPrevious],
  prune: [isNewer, isBegun],
};

/** Whether it can be done now. `itself`: whoever asks does it, and so goes on with what somebody else left. */
export function mayBeDone(
  standing: ChoreStanding,
  projection: Projection,
  kind: ChoreKind | 'prune',
  itself = false,
): Asked {
  const { hand } = standing;
  if (hand) return { accepted: false, why: whoIsAtIt(projection.name, hand), by: hand };
  for (const object of OBJECTIONS[kind]) {
    if (itself && object === isAskedFor) continue;
    const why = object(standing, projection, kind as ChoreKind);
    if (why !== undefined) return { accepted: false, why };
  }
  return { accepted: true };
}
