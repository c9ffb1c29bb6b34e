import type pg from 'pg';
import { listenOn } from '../postgres/listen.js';
import { dropSession } from '../postgres/session.js';
import { CONTROLLED } from '../projection-tables/checkpoint.js';

/** Told the projection that something is asked of; undefined: the session was lost, and anything may have been asked. */
export type ControlHearer = (projection: string | undefined) => void;

/**
 * Hears what is asked of projections: one session for all that a process runs of them. PostgreSQL wakes every session that
 * listens, on whatever channel, at every notification: seven of them took a fifth of the database's time under load
 * (docs/performance.md).
 */
export class ControlListener {
  private readonly hearers = new Set<ControlHearer>();
  private session: Promise<pg.Client> | undefined;
  private stopped = false;

  /** `connect`: a new session; it is ended here. */
  constructor(private readonly connect: () => Promise<pg.Client>) {}

  /** Calls back at everything that is asked once {@link ready} has resolved; the answer ends it. */
  subscribe(hearer: ControlHearer): () => void {
    this.hearers.add(hearer);
    return () => void this.hearers.delete(hearer);
  }

  /** Resolves when it listens. @throws where there is no session to be had, and once stopped; the next call tries again */
  async ready(): Promise<void> {
    // Who comes while the ledger stops would be left a session that nobody ends.
    if (this.stopped) throw new Error('it is not listened any more for what is asked of projections');
    this.session ??= this.listen();
    await this.session;
  }

  /** Hears nothing more. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.hearers.clear();
    const session = await this.session?.catch(() => undefined);
    if (session) dropSession(session);
  }

  private async listen(): Promise<pg.Client> {
    try {
      const session = await listenOn(await this.connect(), CONTROLLED, (payload) => this.tell(payload));
      session.once('end', () => this.lost());
      return session;
    } catch (error) {
      this.session = undefined;
      throw error;
    }
  }

  private lost(): void {
    this.session = undefined;
    this.tell(undefined);
  }

  private tell(projection: string | undefined): void {
    for (const hearer of [...this.hearers]) hearer(projection);
  }
}
