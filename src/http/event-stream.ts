import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { isWithin } from '../application/confinement.js';
import type { Change, EndOfFeed, Subscriber } from '../application/reading/subscriber.js';

/** How often a quiet stream says that it is there, in milliseconds. */
const PING_MS = 15_000;
/** How much may wait to be sent to a caller when there is more, in bytes; whoever reads slower is let go. */
const MOST_WAITING = 1024 * 1024;
/** How long a caller that was let go has to take what waits, in milliseconds. */
const GRACE_MS: Readonly<Record<EndOfFeed, number>> = {
  slow: 10_000,
  unavailable: 10_000,
  shutdown: 1_000,
  key_ended: 1_000,
};
/** How long a caller that catches up may take nothing at all, in milliseconds. */
const STUCK_MS = 60_000;

const DETAILS: Readonly<Record<EndOfFeed, string>> = {
  slow: 'more than 1 MiB waited to be read; come back with the last id, and nothing is missed',
  shutdown: 'the ledger is stopping; come back with the last id, and nothing is missed',
  key_ended: 'the API key that the stream was asked for with is no longer taken',
  unavailable: 'the read model cannot be reached; come back with the last id',
};

/** The same changes go to every subscriber: they are written down once. */
const frames = new WeakMap<readonly Change[], Buffer>();

function framesOf(changes: readonly Change[]): Buffer {
  const known = frames.get(changes);
  if (known) return known;
  const text = changes.map(({ position, json }) => `event: execution\nid: ${position}\ndata: ${json}\n\n`).join('');
  const made = Buffer.from(text);
  frames.set(changes, made);
  return made;
}

/** What a caller that follows may see. */
interface Caller {
  /** Whether the key that it came with is still taken. */
  readonly mayGoOn: () => boolean;
  /** It is shown only executions whose ids begin so. */
  readonly within?: string | undefined;
}

/** A caller that follows, as server-sent events (docs/http-api.md, Following). */
export class EventStream implements Subscriber {
  private readonly ping = setInterval(() => this.say(), PING_MS).unref();
  private over = false;

  constructor(
    private readonly response: ServerResponse,
    private readonly caller: Caller,
    private readonly onEnd: (reason: EndOfFeed | undefined) => void,
  ) {
    response.once('close', () => this.finish(undefined));
    response.on('error', () => response.destroy());
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no', // a proxy that gathers would hold the news back
    });
    response.flushHeaders();
  }

  /** From where it follows: an id without an event, so that a caller who is cut off before the first comes back to here. */
  begin(position: bigint): void {
    this.write(`retry: 1000\nid: ${position}\n\n`);
  }

  send(changes: readonly Change[]): void {
    const { mayGoOn, within } = this.caller;
    if (!mayGoOn()) return this.end('key_ended');
    if (this.response.writableLength > MOST_WAITING) return this.end('slow');
    const shown = within === undefined ? changes : changes.filter(({ executionId }) => isWithin(within, executionId));
    if (shown.length > 0) this.write(framesOf(shown));
    // Of what it is not shown it is told the place alone, so that it comes back to here.
    const last = changes.at(-1)!;
    if (shown.at(-1) !== last) this.write(`id: ${last.position}\n\n`);
  }

  async drained(): Promise<void> {
    const { response } = this;
    if (this.over || !response.writableNeedDrain) return;
    const stuck = new AbortController();
    const timer = setTimeout(() => stuck.abort(), STUCK_MS);
    const { signal } = stuck;
    const either = [once(response, 'drain', { signal }), once(response, 'close', { signal })];
    await Promise.race(either).catch(() => this.end('slow'));
    clearTimeout(timer);
    stuck.abort(); // takes the listeners off
    await Promise.allSettled(either);
  }

  end(reason: EndOfFeed): void {
    if (this.over) return;
    this.write(`event: closed\ndata: ${JSON.stringify({ reason, detail: DETAILS[reason] })}\n\n`);
    this.finish(reason);
    this.response.end();
    const grace = setTimeout(() => this.response.destroy(), GRACE_MS[reason]);
    this.response.once('close', () => clearTimeout(grace));
  }

  private say(): void {
    if (this.caller.mayGoOn()) this.write(': ping\n\n');
    else this.end('key_ended');
  }

  private write(text: string | Buffer): void {
    if (!this.over) this.response.write(text);
  }

  private finish(reason: EndOfFeed | undefined): void {
    if (this.over) return;
    this.over = true;
    clearInterval(this.ping);
    this.onEnd(reason);
  }
}
