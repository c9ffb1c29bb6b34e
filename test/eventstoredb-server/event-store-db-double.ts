import type { Calls } from './calls.js';
import type { Misbehaviour } from './faults.js';
import { proposedOf, type ForeignEvent } from './foreign-event.js';
import { listen, type Certificate, type Listener } from './listener.js';
import type { StoredEvent } from './log.js';
import { Cluster, ClusterNode, type Right } from './node.js';
import { servicesOf } from './services.js';
import { expected } from './writer.js';

/** How a double is set; everything is as the server has it when not given. */
export interface EventStoreDbDoubleOptions {
  /** Whether it lists `batchappend` among its methods; without, the client appends one call at a time. */
  readonly batchAppend?: boolean;
  /** In bytes of event data; the server's is 1,048,576. */
  readonly maxAppendSize?: number;
  /** In bytes of one gRPC message, beyond which the call ends, and all that shares it; the server's is 16,767,216. */
  readonly maxMessageSize?: number;
  /** How long a write may wait to be committed before it is answered with a timeout; the server's is 2,000. */
  readonly commitTimeoutMs?: number;
  /** Who may call it, by name, with their passwords. Without it nobody is asked, as in the server's insecure mode. */
  readonly users?: Readonly<Record<string, string>>;
  readonly tls?: Certificate;
  readonly serverVersion?: string;
  /** Milliseconds since the epoch, for what events say of their time and for `$maxAge`. */
  readonly now?: () => number;
  /** Where it listens, as one that was restored does where another did; a free port when not given. */
  readonly port?: number;
}

/** Starts a double of EventStoreDB with a database of its own. */
export async function startEventStoreDbDouble(options: EventStoreDbDoubleOptions = {}): Promise<EventStoreDbDouble> {
  const cluster = new Cluster({
    batchAppend: options.batchAppend ?? true,
    maxAppendSize: options.maxAppendSize ?? 1024 * 1024,
    maxMessageSize: options.maxMessageSize ?? 16 * 1024 * 1024 - 10_000,
    tls: options.tls,
    commitTimeoutMs: options.commitTimeoutMs ?? 2_000,
    users: options.users,
    serverVersion: options.serverVersion ?? '24.2.0',
    now: options.now ?? Date.now,
  });
  const node = new ClusterNode(cluster);
  cluster.leader = node;
  node.endpoint = { ...node.endpoint, port: options.port ?? node.endpoint.port };
  return EventStoreDbDouble.start(node);
}

/**
 * EventStoreDB as its client sees it: a gRPC server in this process, over real sockets, that answers as the server
 * does and misbehaves when told to. Databases live in memory, and survive a {@link restart}.
 */
export class EventStoreDbDouble {
  #listener: Listener | undefined;

  private constructor(private readonly node: ClusterNode) {}

  /** @internal Nodes are started by {@link startEventStoreDbDouble} and {@link startFollower}. */
  static async start(node: ClusterNode): Promise<EventStoreDbDouble> {
    const double = new EventStoreDbDouble(node);
    await double.restart();
    return double;
  }

  get port(): number {
    return this.node.endpoint.port;
  }

  /** The connection string of this node alone. */
  get url(): string {
    return this.#urlOf([this.node]);
  }

  /** The connection string of all nodes, by which the client asks them who leads. */
  get clusterUrl(): string {
    return this.#urlOf(this.node.cluster.nodes);
  }

  /** What was asked of this node since it was started or told to {@link forgetCalls}. */
  get calls(): Calls {
    return { ...this.node.counter.calls, eventsConsidered: this.node.index.considered };
  }

  forgetCalls(): void {
    this.node.counter.forget();
    this.node.index.considered = 0;
  }

  /** Plans a misbehaviour: of the next call of a kind, of some later one, or of several. */
  next(misbehaviour: Misbehaviour): void {
    this.node.faults.next(misbehaviour);
  }

  /** Takes back every misbehaviour still to come. */
  behave(): void {
    this.node.faults.clear();
  }

  /** Accepts connections and calls from now on, and answers nothing. */
  freeze(): void {
    this.node.gate.close();
  }

  /** Carries out what came in the meantime, also for callers who have given up. */
  thaw(): void {
    this.node.gate.open();
  }

  /** Takes a right away from everybody, or all of them back. */
  withdraw(...rights: readonly Right[]): void {
    this.node.withdrawn.clear();
    for (const right of rights) this.node.withdrawn.add(right);
  }

  /** Has a slow disk from now on: each write takes so long, `oneByOne` or beside all others. */
  slowDown(ms: number, oneByOne: boolean): void {
    this.node.disk.takes(ms, oneByOne);
  }

  /**
   * Stops indexing: what is written is in the log, but neither read nor subscribed to here, nor, on the leader,
   * acknowledged. A leader that cannot commit, or a follower that lags.
   */
  hold(): void {
    this.node.index.hold();
  }

  /** Indexes what was held. */
  release(): void {
    this.node.index.release();
  }

  /** Drops every connection; new ones are accepted. */
  breakConnections(): void {
    this.#listener?.cutAll();
  }

  /** Goes as a killed process does: connections drop, and new ones are refused. */
  async stop(): Promise<void> {
    this.node.die();
    const listener = this.#listener;
    this.#listener = undefined;
    await listener?.close();
  }

  /** Comes back on the same port with the same data; the ids it remembered for `any` are forgotten. */
  async restart(): Promise<void> {
    await this.stop();
    const listener = await listen(this.port, this.node.settings, (cut) => servicesOf(this.node, cut));
    this.#listener = listener;
    this.node.live({ address: '127.0.0.1', port: listener.port });
  }

  /** Starts a further node of this database that follows; {@link hold} makes it lag. */
  startFollower(): Promise<EventStoreDbDouble> {
    return EventStoreDbDouble.start(new ClusterNode(this.node.cluster));
  }

  /** This node leads from now on, and whoever led follows. */
  lead(): void {
    this.node.forgetIds();
    this.node.cluster.leader = this.node;
  }

  /** Appends past the protocol, uncounted and unhindered; answers the revision of the last event. */
  write(stream: string, ...events: readonly ForeignEvent[]): bigint {
    const { writer } = this.node.cluster.leader ?? this.node;
    const result = writer.append({ stream, expects: expected.any, events: events.map(proposedOf) });
    if (result.kind !== 'written') throw new Error(`${stream}: ${result.kind}`);
    return result.last;
  }

  /** As if other applications had appended so many events, a million as cheaply as one. */
  writeElsewhere(count: number): void {
    this.node.cluster.log.writeElsewhere(count);
    this.node.cluster.log.flush();
  }

  /** What is stored in a stream, whoever may read it. */
  stored(stream: string): readonly StoredEvent[] {
    return this.node.cluster.log.events(stream);
  }

  #urlOf(nodes: readonly ClusterNode[]): string {
    // A certificate is asked for by name: Node warns of an address in the name's place.
    const { tls } = this.node.settings;
    const hosts = nodes.map(({ endpoint }) => `${tls ? 'localhost' : endpoint.address}:${endpoint.port}`);
    return `esdb://${hosts}?tls=${tls !== undefined}`;
  }
}
