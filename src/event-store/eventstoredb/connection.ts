import { performance } from 'node:perf_hooks';
import type { CallOptions, ClientReadableStream, Metadata } from '@grpc/grpc-js';
import { within } from '../../closing.js';
import { clientOf, stubOf, type Inside, type ReadReq, type ReadResp, type StreamsClient } from './client.js';
import { asUnavailable, isConnectionLost, noAnswer } from './failure.js';

/** How long a search may take, in milliseconds: one that is lost on its way must not be waited for for ever. */
const SEARCH_MS = 600_000;

/** How long a connection that is being made may hold up the end, in milliseconds. */
const CLOSE_MS = 1_000;

/**
 * How long a node may take to say who leads, in seconds. The client asks them in any order, one that just failed among
 * them, and gives each five seconds: half of an append's patience for one that stands still.
 */
const GOSSIP_SECONDS = 2;

const parametersOf = (url: string): string[] => (url.split('?')[1] ?? '').split('&').filter((pair) => pair !== '');

const withParameters = (url: string, parameters: readonly string[]): string =>
  `${url.split('?')[0]}?${parameters.join('&')}`;

/** The URL with how long a node is waited for, where it does not say that itself. */
const withGossip = (url: string): string =>
  parametersOf(url).some((pair) => /^gossip[-_]?timeout=/i.test(pair))
    ? url
    : withParameters(url, [...parametersOf(url), `gossipTimeout=${GOSSIP_SECONDS}`]);

/** The URL's last say on which node is asked. */
const withPreference = (url: string, preference: string): string => {
  const others = parametersOf(url).filter((pair) => !/^node[-_]?preference=/i.test(pair));
  return withParameters(url, [...others, `nodePreference=${preference}`]);
};

interface Call {
  cancel(): void;
  once(event: 'close', listener: () => void): unknown;
}

function keep<T extends Call>(calls: Set<{ cancel(): void }>, call: T): T {
  calls.add(call);
  call.once('close', () => calls.delete(call));
  return call;
}

/** One connection to a node of the store, made when it is first used and again after it was lost. */
export class Connection {
  private readonly inside: Inside;
  private readonly calls = new Set<{ cancel(): void }>();
  /** Those among them that nothing ends but their connection. */
  private readonly endless = new Set<{ cancel(): void }>();
  private current: StreamsClient | undefined;
  private used = false;
  private closed = false;

  private constructor(
    url: string,
    private readonly requiresLeader: boolean,
    private readonly onLost: (error: unknown) => void,
  ) {
    this.inside = clientOf(withGossip(url));
  }

  /** To the node that accepts appends and never answers from the past. `onLost` is told when it was lost. */
  static toLeader = (url: string, onLost: (error: unknown) => void): Connection =>
    new Connection(withPreference(url, 'leader'), true, onLost);

  /** To whichever node the URL prefers. */
  static toAnyNode = (url: string): Connection => new Connection(url, false, () => undefined);

  /** What calls are made through. The search for a node is over after `ms`, for this caller: it goes on for the next. */
  async stub(ms = Infinity): Promise<StreamsClient> {
    if (this.closed) throw new Error('No connection established: it was closed');
    this.used = true;
    const stub = stubOf(this.inside);
    if (ms !== Infinity && !(await within(stub, ms))) throw noAnswer(ms);
    return (this.current = await stub);
  }

  /** Metadata and options of a call that takes `ms` at most; without, it may go on for ever. */
  arguments(ms = Infinity): [Metadata, CallOptions] {
    const base = { requiresLeader: this.requiresLeader };
    return ms === Infinity
      ? this.inside.callArguments(base, { deadline: Infinity })
      : this.inside.callArguments({ ...base, deadline: ms });
  }

  /** Calls are ended with the connection; whoever makes one registers it. */
  track<T extends Call>(call: T): T {
    return keep(this.calls, call);
  }

  /** A call without a deadline: it is ended when its connection is given up, for nobody else would notice. */
  trackEndless<T extends Call>(call: T): T {
    return keep(this.endless, this.track(call));
  }

  /**
   * Every message of a read, in order. Ends the call when the caller stops.
   * @param limit in milliseconds; or what ends a search, which may take long on a node that is well: its time says nothing
   *   of the connection. Without one it is read for as long as there is a connection
   */
  async *read(request: ReadReq, limit?: number | AbortSignal): AsyncGenerator<ReadResp, void, undefined> {
    const search = typeof limit === 'object' ? limit : undefined;
    const ms = typeof limit === 'object' ? SEARCH_MS : limit;
    const until = performance.now() + (ms ?? Infinity);
    const stub = await this.stub(ms);
    search?.throwIfAborted();
    const call: ClientReadableStream<ReadResp> = stub.read(request, ...this.arguments(until - performance.now()));
    const cancel = (): void => call.cancel();
    search?.addEventListener('abort', cancel, { once: true });
    if (search || limit === undefined) this.trackEndless(call);
    else this.track(call);
    try {
      // A call destroyed before its end is read keeps its connection, and with it the process, for ever.
      for await (const message of call.iterator({ destroyOnReturn: false })) yield message as ReadResp;
    } catch (error) {
      if (!search) this.failed(stub, error);
      throw error;
    } finally {
      search?.removeEventListener('abort', cancel);
      this.giveUp(call);
    }
  }

  /** Ends a call whose answers nobody waits for any more. */
  giveUp(call: ClientReadableStream<ReadResp>): void {
    call.on('error', () => undefined); // it says so, and nobody is left to hear it
    // A call cancelled in the turn it was made in is never let go of, nor one whose end is not read.
    setImmediate(() => {
      call.cancel();
      call.resume();
    });
  }

  /** A call on `stub` failed: where that was the connection's fault, the next call makes a new one. */
  failed(stub: StreamsClient, error: unknown): void {
    // Of many calls that a node leaves without an answer the first tells: the others are none of the next connection's.
    if (this.closed || stub !== this.current || !isConnectionLost(error)) return;
    this.leave(stub, error);
    this.onLost(error);
  }

  /** Somebody else has lost the node that is probably this one's too: the next call looks for one anew. */
  async renew(error: unknown): Promise<void> {
    if (this.used && !this.closed && this.endless.size > 0) this.leave(await this.stub(), error);
  }

  private leave(stub: StreamsClient, error: unknown): void {
    // The client trips over a "not leader" that names no leader, in a promise that nobody holds: that would end the process.
    void this.inside.handleError(stub, asUnavailable(error)).catch(() => undefined);
    for (const call of this.endless) call.cancel();
  }

  async close(): Promise<void> {
    this.closed = true;
    await new Promise(setImmediate); // what is given up right now is let go of first
    for (const call of this.calls) call.cancel();
    if (!this.used) return;
    // One that is being made of a server that stands still is closed whenever it is made.
    const ended = this.inside.getChannel().then((channel) => channel.close());
    await within(ended, CLOSE_MS).catch(() => undefined);
  }
}
