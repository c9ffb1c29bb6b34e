import type pg from 'pg';
import { setTimeout as pause } from 'node:timers/promises';
import { appendCall, type OutcomeRow } from './append-call.js';
import { instantOf } from './instant.js';
import type { AppendedEvents } from '../append-outcome.js';
import type { Position } from '../position.js';
import type { StoreClock } from '../store-clock.js';
import { failureOf } from './append-failure.js';
import type { QueuedAppend } from './queued-append.js';
import { connectSession, dropSession, toUnavailable, type SessionLimits } from '../../postgres/session.js';
import { textRows } from './text-rows.js';

const RETRY_MS = 50;

const HEAD = 'select coalesce(max(position), 0) from ledger.events';
const OWN = `select revision, position, recorded_at, event_id, type, data, metadata from ledger.events
              where stream = $1 and event_id = any($2) order by revision`;

/** The one connection that appends: opened when first needed, and again after it was lost. */
export class AppendConnection {
  private session: pg.Client | undefined;
  private opened = 0;
  /** The last attempt to connect failed to the end: until one succeeds, calls get one attempt each. */
  private down = false;
  /** The log's end as far as this connection knows. */
  top: Position = 0n;

  /** Where the log is at least: nothing, while no connection stands for it. */
  get reached(): Position {
    return this.session ? this.top : 0n;
  }

  constructor(
    private readonly connectionString: string,
    private readonly limits: SessionLimits,
    private readonly clock: StoreClock,
    private readonly onReconnect: () => void,
  ) {}

  /** Connected, trying again until `patience` ends (once, while the database is known to be down). @throws StoreError `unavailable` */
  async ready(patience: () => AbortSignal): Promise<void> {
    while (!this.session) {
      try {
        await this.open();
      } catch (error) {
        if (this.down || patience().aborted || failureOf((error as Error).cause ?? error) === 'setup') {
          this.down = true;
          throw toUnavailable(error);
        }
        await pause(RETRY_MS);
      }
    }
  }

  private async open(): Promise<void> {
    const session = await connectSession(this.connectionString, this.limits, 'appends');
    try {
      const { rows } = await session.query<[string]>({ ...textRows, text: HEAD });
      this.top = BigInt(rows[0]![0]);
    } catch (error) {
      dropSession(session);
      throw error;
    }
    session.once('end', () => this.session === session && this.drop());
    this.session = session;
    this.down = false;
    if (this.opened++ > 0) this.onReconnect();
  }

  /** One call of `ledger.append`. Whatever it throws, the batch may be sent again: its ids make it exactly once. */
  async call(batch: readonly QueuedAppend[]): Promise<OutcomeRow[]> {
    const sent = this.clock.own();
    const { rows } = await this.current().query<OutcomeRow>(appendCall(batch));
    const [, , , recordedAt, aheadMs] = rows[0]!;
    this.clock.learn(Date.parse(instantOf(recordedAt)), sent);
    if (aheadMs !== '0') this.clock.notFollowed(+aheadMs);
    return rows;
  }

  /** What stands of an append whose call was lost: its outcome, if all of its events were written by it. */
  async findWrittenByUs({ stream, events, uncertainSince }: QueuedAppend): Promise<AppendedEvents | undefined> {
    const ids = events.map(({ id }) => id);
    const { rows } = await this.current().query<string[]>({ ...textRows, text: OWN, values: [stream, ids] });
    const same = (row: string[], i: number): boolean => {
      const event = events[i]!;
      return row[3] === event.id && row[4] === event.type && row[5] === event.data && row[6] === event.metadata;
    };
    const own = rows.length === events.length && rows.every(same) && BigInt(rows[0]![1]!) > uncertainSince!;
    const [revision, position, recordedAt] = rows.at(-1) ?? [];
    return own
      ? { outcome: 'appended', revision: +revision!, position: BigInt(position!), recordedAt: instantOf(recordedAt!) }
      : undefined;
  }

  private current(): pg.Client {
    if (!this.session) throw toUnavailable(new Error('the connection was lost'));
    return this.session;
  }

  /** The connection is of no more use; the next call opens another. */
  drop(): void {
    const session = this.session;
    this.session = undefined;
    if (session) dropSession(session);
  }

  async close(): Promise<void> {
    const session = this.session;
    this.session = undefined;
    await session?.end();
  }
}
