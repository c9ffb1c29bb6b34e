import type { Metadata } from '@grpc/grpc-js';
import { CallCounter } from './calls.js';
import { Disk, Faults, Gate, type Refusal } from './faults.js';
import type { Certificate } from './listener.js';
import { Log } from './log.js';
import { NodeIndex } from './node-index.js';
import { rpcErrors, type Endpoint } from './rpc-error.js';
import { Writer } from './writer.js';

/** What a node is set to; see {@link EventStoreDbDoubleOptions} for what each means. */
export interface Settings {
  readonly batchAppend: boolean;
  readonly maxAppendSize: number;
  readonly maxMessageSize: number;
  readonly tls: Certificate | undefined;
  readonly commitTimeoutMs: number;
  readonly users: Readonly<Record<string, string>> | undefined;
  readonly serverVersion: string;
  readonly now: () => number;
}

/** What a user of a shared server may do, by the kind of stream: `$all`, that of somebody, or what is kept about one. */
export type Right = 'read $all' | 'read' | 'append' | 'read metadata';

export const rightToRead = (stream: string | undefined): Right =>
  stream === undefined ? 'read $all' : stream.startsWith('$$') ? 'read metadata' : 'read';

/** The nodes that share one log, one of which leads. */
export class Cluster {
  readonly log: Log;
  readonly nodes: ClusterNode[] = [];
  leader: ClusterNode | undefined;

  constructor(readonly settings: Settings) {
    this.log = new Log(settings.now);
  }
}

/** One node: what it has indexed, how it misbehaves, and what was asked of it. */
export class ClusterNode {
  readonly index: NodeIndex;
  readonly faults = new Faults();
  readonly disk = new Disk();
  /** Rights that were taken away, from everybody. */
  readonly withdrawn = new Set<Right>();
  readonly counter = new CallCounter();
  gate = new Gate();
  /** Ids are remembered by the process that leads: a new one knows none. */
  writer: Writer;
  endpoint: Endpoint = { address: '127.0.0.1', port: 0 };
  alive = false;

  constructor(readonly cluster: Cluster) {
    this.index = new NodeIndex(cluster.log, cluster.settings.now);
    this.writer = new Writer(cluster.log, this.index);
    cluster.nodes.push(this);
  }

  get settings(): Settings {
    return this.cluster.settings;
  }

  get leads(): boolean {
    return this.cluster.leader === this;
  }

  /** What waited at the gate of a process that is gone is never carried out. */
  die(): void {
    this.alive = false;
    this.gate = new Gate();
  }

  live(endpoint: Endpoint): void {
    this.endpoint = endpoint;
    this.alive = true;
    this.forgetIds();
    this.index.release();
  }

  forgetIds(): void {
    this.writer = new Writer(this.cluster.log, this.index);
  }

  /** Why this node will not take a request; writes that need no leader here are forwarded to it. */
  refusal(metadata: Metadata, writes: boolean): Refusal | undefined {
    if (this.leads) return undefined;
    const needsLeader = metadata.get('requires-leader')[0] === 'true';
    if (!needsLeader && !writes) return undefined;
    if (!this.cluster.leader?.alive) return 'not-ready';
    return needsLeader ? 'not-leader' : undefined;
  }

  /** Without users everybody may do everything that was not taken away, whatever they say they are. */
  authorize(metadata: Metadata, right?: Right): void {
    if (right !== undefined && this.withdrawn.has(right)) throw rpcErrors.accessDenied();
    const { users } = this.settings;
    if (!users) return;
    const [header] = metadata.get('authorization');
    if (header === undefined) throw rpcErrors.accessDenied();
    const [name = '', password] = Buffer.from(String(header).replace(/^Basic /, ''), 'base64')
      .toString()
      .split(':');
    if (users[name] === undefined || users[name] !== password) throw rpcErrors.unauthenticated();
  }
}
