import type { Projection } from '../../projections/projection.js';
import {
  unfinished,
  describeHolder,
  type OperationResponse,
  type ProjectionOperationKind,
  type OperationsStatus,
} from './projection-operation.js';

type Precondition = (
  status: OperationsStatus,
  projection: Projection,
  kind: ProjectionOperationKind,
) => string | undefined;

const isNewer: Precondition = ({ live }, { name, version }) =>
  live.foldVersion > version
    ? `the table of ${name} is of version ${live.foldVersion}, newer than this program's ${version}: ask the newer program`
    : undefined;

const isOlder: Precondition = ({ live }, { name, version }) =>
  live.foldVersion < version
    ? `the table of ${name} is of version ${live.foldVersion}, older than this program's ${version}: it is to be rebuilt first`
    : undefined;

const hasNoPrevious: Precondition = ({ previous }, { name, version }) => {
  if (!previous) return `${name} has no previous version to go back to`;
  if (previous.foldVersion === version) return undefined;
  return `the previous version of ${name} was made by version ${previous.foldVersion} of its code and this program is of ${version}: roll back with the program that made it`;
};

/** Without hands: what is begun belongs to whoever resumes it, and is not to be dropped from under them. */
const isBegun: Precondition = (status, { name }) =>
  unfinished(status, 'rebuild') || unfinished(status, 'verify')
    ? `${name} has a rebuild or verification that is not finished: let it end, or resume it, first`
    : undefined;

const isAskedFor: Precondition = (status, { name }, kind) => {
  const asked = unfinished(status, kind);
  if (!asked || asked.paused) return undefined;
  return `a ${kind} of ${name} was asked for at ${asked.startedAt} and waits for a server with PROJECTOR=inline to take it on`;
};

/**
 * A rebuild drops the version that a rollback would go back to, and makes another the one before the live one: whichever came
 * second would not do what was asked for.
 */
const isAtOddsWith =
  (other: ProjectionOperationKind): Precondition =>
  (status, { name }) => {
    const asked = unfinished(status, other);
    return asked && `a ${other} of ${name} was asked for at ${asked.startedAt} and is not finished: let it end first`;
  };

/** Why something cannot be done now, apart from somebody being at it. */
const PRECONDITIONS: Readonly<Record<ProjectionOperationKind | 'prune', readonly Precondition[]>> = {
  rebuild: [isNewer, isAskedFor, isAtOddsWith('rollback')],
  verify: [isNewer, isOlder, isAskedFor],
  rollback: [isNewer, isAskedFor, isAtOddsWith('rebuild'), hasNoPrevious],
  prune: [isNewer, isBegun],
};

/** Whether it can be done now. `itself`: whoever asks does it, and so goes on with what somebody else left. */
export function checkPreconditions(
  status: OperationsStatus,
  projection: Projection,
  kind: ProjectionOperationKind | 'prune',
  runsHere = false,
): OperationResponse {
  const { holder } = status;
  if (holder) return { accepted: false, why: describeHolder(projection.name, holder), by: holder };
  for (const object of PRECONDITIONS[kind]) {
    if (runsHere && object === isAskedFor) continue;
    const why = object(status, projection, kind as ProjectionOperationKind);
    if (why !== undefined) return { accepted: false, why };
  }
  return { accepted: true };
}
