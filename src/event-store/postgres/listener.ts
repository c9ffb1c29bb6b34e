import type pg from 'pg';
import type { WakeSignal } from '../wake-signal.js';
import { CHANNEL } from './notifier.js';
import { listenOn } from '../../postgres/listen.js';
import { connectSession, dropSession, type SessionLimits } from '../../postgres/session.js';

const RETRY_MS = 500;

/** One LISTEN connection per process that notifies the wake signal; opened by the first subscriber, and again whenever it is lost. */
export class Listener {
  private session: pg.Client | undefined;
  private retry: NodeJS.Timeout | undefined;
  private state: 'idle' | 'on' | 'closed' = 'idle';

  constructor(
    private readonly connectionString: string,
    private readonly limits: SessionLimits,
    private readonly wakeSignal: WakeSignal,
  ) {}

  start(): void {
    if (this.state !== 'idle') return;
    this.state = 'on';
    void this.listen();
  }

  private async listen(): Promise<void> {
    try {
      const fresh = await connectSession(this.connectionString, this.limits, 'listener');
      const session = await listenOn(fresh, CHANNEL, () => this.wakeSignal.notify());
      session.once('end', () => this.again());
      this.session = session;
      this.wakeSignal.notify(); // what was told while nobody listened
      if (this.state === 'closed') this.close();
    } catch {
      this.again();
    }
  }

  private again(): void {
    this.session = undefined;
    if (this.state === 'on') this.retry = setTimeout(() => void this.listen(), RETRY_MS).unref();
  }

  close(): void {
    this.state = 'closed';
    clearTimeout(this.retry);
    if (this.session) dropSession(this.session);
    this.wakeSignal.notify();
  }
}
