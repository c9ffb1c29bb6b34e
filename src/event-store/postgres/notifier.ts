import type pg from 'pg';
import { setTimeout as pause } from 'node:timers/promises';
import type { Position } from '../position.js';
import { connectSession, dropSession, type SessionLimits } from '../../postgres/session.js';

/** The channel on which processes tell each other the log's last position. */
export const CHANNEL = 'ledger_appended';

/** A NOTIFY takes a database-wide lock at its commit: never inside an append, and no more often than this, ms. */
const INTERVAL_MS = 5;
const RETRY_MS = 1_000;

/** Tells the other processes that the log has grown. Best effort: who listens also polls. */
export class Notifier {
  private session: pg.Client | undefined;
  private told: Position = 0n;
  private top: Position = 0n;
  private running: Promise<void> | undefined;
  private closed = false;

  constructor(
    private readonly connectionString: string,
    private readonly limits: SessionLimits,
  ) {}

  appended(top: Position): void {
    this.top = top;
    if (!this.closed) this.running ??= this.run().finally(() => (this.running = undefined));
  }

  private async run(): Promise<void> {
    while (this.told < this.top && !this.closed) {
      const telling = this.top;
      const ok = await this.tell(telling).then(
        () => true,
        () => false,
      );
      if (ok) this.told = telling;
      else this.drop();
      await pause(ok ? INTERVAL_MS : RETRY_MS, undefined, { ref: false });
    }
    if (this.closed) this.drop();
  }

  private async tell(position: Position): Promise<void> {
    // A notification is worth no fsync.
    this.session ??= await connectSession(this.connectionString, this.limits, 'notifier', {
      synchronous_commit: 'off',
    });
    await this.session.query({
      name: 'notify',
      text: 'select pg_notify($1, $2)',
      values: [CHANNEL, position.toString()],
    });
  }

  private drop(): void {
    if (this.session) dropSession(this.session);
    this.session = undefined;
  }

  close(): void {
    this.closed = true;
    this.drop();
  }
}
