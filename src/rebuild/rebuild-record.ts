import { decodeText, encodeText } from '../encoding/json.js';
import type { StreamName } from '../domain/stream.js';
import type { Position } from '../event-store/position.js';
import type { Phase } from './projection-operation.js';

/** A rebuild as it is kept, so that whoever goes on with it knows where it was. */
export interface RebuildRecord {
  readonly version: number;
  readonly foldVersion: number;
  readonly phase: Phase;
  readonly upTo: Position;
  /** What is to be loaded, and of each how far it is; none where the log has no order of streams. */
  readonly partitions: readonly Partition[];
}

/** Some streams of the log: those behind the last that is loaded, up to and including `to`. */
export interface Partition {
  readonly after: StreamName;
  readonly to: StreamName;
}

/** What a row of `ledger.rebuilds` tells of it. */
export interface RebuildRow {
  readonly version: number;
  readonly fold_version: number;
  readonly phase: Phase;
  readonly upto: string;
  readonly pieces: readonly Partition[] | null;
}

/** The partitions as the table keeps them. */
export const encodePartitions = (partitions: readonly Partition[]): string =>
  JSON.stringify(partitions.map(({ after, to }) => ({ after: encodeText(after), to: encodeText(to) })));

/** The rebuild that a row keeps. */
export const recordOf = (row: RebuildRow): RebuildRecord => ({
  version: row.version,
  foldVersion: row.fold_version,
  phase: row.phase,
  upTo: BigInt(row.upto),
  partitions: (row.pieces ?? []).map(({ after, to }) => ({ after: decodeText(after), to: decodeText(to) })),
});
