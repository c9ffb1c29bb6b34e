/**
 * A place in the log of everything. Dense in PostgreSQL and in memory (1, 2, 3 …), with gaps in EventStoreDB;
 * strictly increasing in commit order everywhere. Decimal strings on the wire: positions outgrow 2^53.
 */
export type Position = bigint;

/** Before the first event: `readAll(START)` reads everything. */
export const START: Position = 0n;
