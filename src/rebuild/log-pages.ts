import type pg from 'pg';
import type { EventStore } from '../event-store/event-store.js';

/** Positions of a page, and bytes that are kept of each event: 8 MB for a million. */
const PAGE = 1_000;
const MARK = 8;

/** What was remembered of a page, and what the log holds there now: one mark an event, in the order of positions. */
export interface CheckedPage {
  readonly page: number;
  readonly kept: Buffer;
  readonly marks: Buffer;
  readonly positions: readonly string[];
  /** The last position of the log. */
  readonly head: bigint;
}

const KEPT = 'select marks, wrong from ledger.log_pages where page = $1';

/** Every column counts; an event is marked by itself, so that no page is too large to be marked. */
const NOW = `select coalesce(string_agg(substr(sha256(convert_to(row(extract(epoch from recorded_at), revision, stream,
           event_id, type, data, metadata)::text, 'UTF8')), 1, ${MARK}), ''::bytea order by position), ''::bytea) as marks,
         coalesce(array_agg(position::text order by position), '{}') as positions,
         coalesce((select max(position) from ledger.events), 0) as head
    from ledger.events where position >= $1 and position <= $2`;

/** Nobody else has gone on with the page meanwhile. */
const KEEP = `insert into ledger.log_pages as held (page, marks, wrong) values ($1, $2, $3)
  on conflict (page) do update set marks = excluded.marks, wrong = excluded.wrong where held.marks = $4`;

/** What is wrong with a page: the first event that is missing, was changed, or stands where none was ever recorded. */
export function wrongWith({ page, kept, marks, positions, head }: CheckedPage): string | undefined {
  const start = page * PAGE;
  const known = kept.length / MARK;
  const end = Math.max(known, Math.min(Number(head) - start, PAGE), positions.length);
  for (let n = 0; n < end; n++) {
    const at = positions[n];
    const position = start + n + 1;
    if (at === undefined || Number(at) > position) return `the event at position ${position} is missing`;
    if (Number(at) < position) return `an event stands at position ${at}, which was never given out`;
    const mark = [n * MARK, (n + 1) * MARK] as const;
    if (n < known && !kept.subarray(...mark).equals(marks.subarray(...mark)))
      return `the event at position ${position} is not the one that was recorded`;
  }
  return undefined;
}

/** Somebody changed the log: nothing is made of it. */
export class LogChanged extends Error {
  override readonly name = 'LogChanged';

  constructor(wrong: string) {
    super(
      `the log is not what it was: ${wrong}; restore it, or say that it is right as it stands (operations.md, The log)`,
    );
  }
}

/**
 * Remembers what the log holds, page by page, and holds it against that ever after. It is for logs whose positions have no
 * gaps, in the database of the connection; of others it knows nothing.
 */
export class LogPages {
  /** Where the round is. */
  private next = 0;

  constructor(private readonly store: Pick<EventStore, 'densePositions'>) {}

  /** Goes on with the last page and some that came since, then looks at one of the others; what was wrong with each. */
  async check(client: pg.ClientBase, most: number): Promise<ReadonlyMap<number, string | undefined>> {
    const found = new Map<number, string | undefined>();
    if (!this.store.densePositions) return found;
    const { rows } = await client.query<{ last: string | null }>('select max(page) as last from ledger.log_pages');
    let last = Number(rows[0]!.last ?? 0);
    for (let n = 0, more = true; n < most && more; n++, last++) {
      const { wrong, full } = await this.hold(client, last);
      found.set(last, wrong);
      more = full;
    }
    this.next = this.next >= last ? 0 : this.next;
    if (!found.has(this.next)) found.set(this.next, (await this.hold(client, this.next)).wrong);
    this.next++;
    return found;
  }

  /** How many pages are wrong, as far as anybody has found. */
  async wrong(client: pg.ClientBase): Promise<{ pages: number; first: string | null }> {
    const { rows } = await client.query<{ pages: number; first: string | null }>(
      `select count(*)::integer as pages, (array_agg(wrong order by page))[1] as first
         from ledger.log_pages where wrong is not null`,
    );
    return rows[0]!;
  }

  /** Holds the whole log against what is remembered, and remembers the rest. @throws LogChanged */
  async prove(client: pg.ClientBase, signal: AbortSignal): Promise<void> {
    if (!this.store.densePositions) return;
    for (let page = 0, more = true; more; page++) {
      signal.throwIfAborted();
      const { head } = await this.hold(client, page);
      more = head > BigInt((page + 1) * PAGE) || (await this.isBehind(client, page));
    }
    await this.refuse(client);
  }

  /** @throws LogChanged where somebody has found it changed */
  async refuse(client: pg.ClientBase): Promise<void> {
    const { first } = await this.wrong(client);
    if (first !== null) throw new LogChanged(first);
  }

  private async hold(client: pg.ClientBase, page: number) {
    type StoredPage = { marks: Buffer; wrong: string | null };
    type LogContents = { marks: Buffer; positions: string[]; head: string };
    // Remembered first: the log only grows meanwhile.
    const [was] = (await client.query<StoredPage>(KEPT, [page])).rows;
    const from = page === 0 ? '-9223372036854775808' : String(page * PAGE + 1);
    const [now] = (await client.query<LogContents>(NOW, [from, String((page + 1) * PAGE)])).rows;
    const { marks, positions } = now!;
    const head = BigInt(now!.head);
    const kept = was?.marks ?? Buffer.alloc(0);
    const wrong = wrongWith({ page, kept, marks, positions, head });
    // What is wrong is remembered as it was, until it is right again.
    const keep = wrong === undefined ? marks : kept;
    if (!keep.equals(kept) || (wrong ?? null) !== (was?.wrong ?? null))
      await client.query(KEEP, [page, keep, wrong ?? null, kept]);
    return { wrong, full: keep.length === PAGE * MARK, head };
  }

  /** Pages are remembered that the log does not reach any more. */
  private async isBehind(client: pg.ClientBase, page: number): Promise<boolean> {
    const { rowCount } = await client.query('select from ledger.log_pages where page > $1 limit 1', [page]);
    return rowCount! > 0;
  }
}
