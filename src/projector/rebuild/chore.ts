import type { Position } from '../../event-store/position.js';
import type { Version } from '../versions.js';
import type { Compared } from './drift.js';
import type { Phase, RebuildKind, RebuildState } from './record.js';

/** What can be asked for of a projection that takes its time. */
export type ChoreKind = RebuildKind | 'rollback';

/** Something of a {@link ChoreKind} that was asked for, as far as it has come or as it ended. */
export interface Chore {
  readonly kind: ChoreKind;
  /** The version that it makes; 0 before anybody has begun. */
  readonly version: number;
  readonly foldVersion: number;
  readonly state: RebuildState;
  readonly phase: Phase;
  readonly paused: boolean;
  /** How fast it may go, in events per second. */
  readonly eventsPerSecond?: number;
  /** How many executions are verified; absent: all. */
  readonly sample?: number;
  /** The position up to which streams are loaded whole. */
  readonly upTo: Position;
  /** Where the version stands that it makes. */
  readonly checkpoint: Position;
  readonly events: number;
  /** For how long it was worked at, in milliseconds. */
  readonly ranMs: number;
  readonly startedAt: string;
  /** Asked for within the last seconds: whoever asked may not have begun yet. */
  readonly justAsked: boolean;
  readonly finishedAt?: string;
  /** What was compared. */
  readonly compared?: Compared;
  readonly error?: string;
}

/** Who is at a projection's chore: a session of the database. */
export interface Hand {
  readonly pid: number;
  readonly name: string;
  readonly since: string;
}

/** The chores of a projection, and whatever decides whether one can be done. */
export interface ChoreStanding {
  readonly name: string;
  /** In the order in which they were asked for. */
  readonly chores: readonly Chore[];
  readonly live: Version & { readonly paused: boolean };
  readonly hand?: Hand;
  /** The version that a rollback would go back to. */
  readonly previous?: Version;
}

/** How a chore is to be done. */
export interface Wish {
  readonly eventsPerSecond?: number | undefined;
  readonly sample?: number | undefined;
}

/** `accepted`, or why not now; `by`: the one who is at it. */
export type Asked =
  { readonly accepted: true } | { readonly accepted: false; readonly why: string; readonly by?: Hand };

/** The chores as keepers of projections ask for them and see them. Thrown errors are StoreErrors. */
export interface Chores {
  standings(): Promise<ChoreStanding[]>;
  /** Writes down what is wanted and tells those who do it. Asking for what is under way changes nothing. */
  ask(projection: string, kind: ChoreKind, wish?: Wish): Promise<Asked>;
  /** Drops what is kept beside the live version. */
  prune(projection: string): Promise<Asked>;
}
/** The dependency-injection token of {@link Chores}. */
export const CHORES = Symbol('Chores');

/** Whether somebody has still to do something about it. */
export const isUnfinished = ({ state }: Pick<Chore, 'state'>): boolean => state === 'running' || state === 'verifying';

/** The chore of a kind that has still to be done. */
export const unfinished = ({ chores }: Pick<ChoreStanding, 'chores'>, kind: ChoreKind): Chore | undefined =>
  chores.find((chore) => chore.kind === kind && isUnfinished(chore));

/** Who is at it, in words. */
export const whoIsAtIt = (name: string, { name: hand, pid, since }: Hand): string =>
  `${hand} (session ${pid}) has been at a rebuild, verification or rollback of ${name} since ${since}`;
