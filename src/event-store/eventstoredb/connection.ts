import { EventStoreDBClient } from '@eventstore/db-client';
import grpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { CallOptions, ClientReadableStream, Metadata } from '@grpc/grpc-js';
import { within } from '../../closing.js';
import { isConnectionLost } from './failure.js';

/**
 * What the client does well and keeps to itself: connection strings, TLS, credentials, and finding the right node of a
 * cluster. Its public calls are not used: they have no deadlines on reads, no filter on reads of the log, round numbers,
 * and one unexpected answer ends the process (docs/decisions/0015).
 */
interface Inside {
  getGRPCClient(client: typeof StreamsClient, name: string): Promise<StreamsClient>;
  callArguments(
    base: { requiresLeader?: boolean; deadline?: number },
    options?: Partial<CallOptions>,
  ): [Metadata, CallOptions];
  handleError(client: StreamsClient, error: unknown): Promise<void>;
  getChannel(): Promise<{ close(): void }>;
}

/** How long a connection that is being made may hold up the end, in milliseconds. */
const CLOSE_MS = 1_000;

/** The URL's last say on which node is asked. */
const withPreference = (url: string, preference: string): string => {
  const [address = '', query = ''] = url.split('?');
  const others = query.split('&').filter((pair) => pair !== '' && !/^node[-_]?preference=/i.test(pair));
  return `${address}?${[...others, `nodePreference=${preference}`].join('&')}`;
};

/** One connection to a node of the store, made when it is first used and again after it was lost. */
export class Connection {
  private readonly inside: Inside;
  private readonly calls = new Set<{ cancel(): void }>();
  private used = false;
  private closed = false;

  private constructor(
    url: string,
    private readonly requiresLeader: boolean,
    private readonly onLost: () => void,
  ) {
    this.inside = EventStoreDBClient.connectionString(url.replace(/^(kurrentdb|kdb)/, 'esdb')) as unknown as Inside;
  }

  /** To the node that accepts appends and never answers from the past. `onLost` is told when it was lost. */
  static toLeader = (url: string, onLost: () => void): Connection =>
    new Connection(withPreference(url, 'leader'), true, onLost);

  /** To whichever node the URL prefers. */
  static toAnyNode = (url: string): Connection => new Connection(url, false, () => undefined);

  async stub(): Promise<StreamsClient> {
    if (this.closed) throw new Error('No connection established: it was closed');
    this.used = true;
    return this.inside.getGRPCClient(grpc.StreamsClient, 'ledger');
  }

  /** Metadata and options of a call that takes `ms` at most; without, it may go on for ever. */
  arguments(ms = Infinity): [Metadata, CallOptions] {
    const base = { requiresLeader: this.requiresLeader };
    return ms === Infinity
      ? this.inside.callArguments(base, { deadline: Infinity })
      : this.inside.callArguments({ ...base, deadline: ms });
  }

  /** Calls are ended with the connection; whoever makes one registers it. */
  track<T extends { cancel(): void; once(event: 'close', listener: () => void): unknown }>(call: T): T {
    this.calls.add(call);
    call.once('close', () => this.calls.delete(call));
    return call;
  }

  /** Every message of a read, in order. Ends the call when the caller stops. */
  async *read(request: ReadReq, ms?: number): AsyncGenerator<ReadResp, void, undefined> {
    const stub = await this.stub();
    const call: ClientReadableStream<ReadResp> = this.track(stub.read(request, ...this.arguments(ms)));
    try {
      // A call destroyed before its end is read keeps its connection, and with it the process, for ever.
      for await (const message of call.iterator({ destroyOnReturn: false })) yield message as ReadResp;
    } catch (error) {
      this.failed(stub, error);
      throw error;
    } finally {
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
    if (this.closed || !isConnectionLost(error)) return;
    // The client trips over a "not leader" that names no leader, in a promise that nobody holds: that would end the process.
    void this.inside.handleError(stub, error).catch(() => undefined);
    this.onLost();
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
