import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { refusalError, type ReadMisbehaviour, type ReadOperation } from './faults.js';
import { everything, filterOf, type EventFilter } from './filter.js';
import type { NodeIndex } from './node-index.js';
import { rightToRead, type ClusterNode } from './node.js';
import { fromWire, type LogPosition } from './position.js';
import { streamOf } from './proposed.js';
import { caughtUp, checkpoint, confirmation, eventResponse } from './read-responses.js';
import { readAll, readStream } from './reads.js';
import { asRpcError, rpcErrors } from './rpc-error.js';
import {
  allTrack,
  streamTrack,
  subscribe,
  untilTombstone,
  withoutStaleCheckpoints,
  type Notice,
} from './subscriptions.js';

type Call = ServerWritableStream<ReadReq, ReadResp>;
type Responses = AsyncIterable<ReadResp | undefined> | Iterable<ReadResp | undefined>;
type Options = ReadReq.Options;

/** Everything that reads is one call: its options say what, how far and which way. */
export function readService(node: ClusterNode, cut: (peer: string) => void) {
  return (call: Call): void => {
    const cancelled = new AbortController();
    for (const event of ['cancelled', 'close', 'error']) call.on(event, () => cancelled.abort());
    serve(node, call, cancelled.signal, () => cut(call.getPeer())).then(
      () => call.end(),
      (error: unknown) => call.emit('error', asRpcError(error)),
    );
  };
}

async function serve(node: ClusterNode, call: Call, signal: AbortSignal, cut: () => void): Promise<void> {
  const options = call.request.getOptions()!;
  const kind = options.hasSubscription() ? 'subscribe' : options.hasAll() ? 'readAll' : 'readStream';
  node.counter.count(kind);
  await node.gate.opened;
  const stream = options.getStream()?.getStreamIdentifier();
  node.authorize(call.metadata, rightToRead(stream && streamOf(stream)));
  const fault = plannedFor(node, kind === 'readAll' && options.hasFilter() ? ['searchAll', kind] : [kind]);
  const mayRead = (): void => {
    const refusal = node.refusal(call.metadata, false);
    if (refusal) throw refusalError(refusal, node.cluster.leader?.endpoint);
  };
  // A subscription is confirmed before anybody asks who leads.
  if (kind !== 'subscribe') mayRead();
  const closed = kind === 'subscribe' ? node.counter.subscribed() : () => undefined;
  try {
    await send(node, call, responsesTo(node, options, mayRead, signal), signal, { fault, cut });
  } finally {
    closed();
  }
}

/** The misbehaviour to come; one that refuses the call is thrown. */
function plannedFor({ faults, cluster }: ClusterNode, kinds: readonly ReadOperation[]): ReadMisbehaviour | undefined {
  const planned = kinds.reduce<ReadMisbehaviour | undefined>((found, kind) => found ?? faults.ofRead(kind), undefined);
  if (!planned || planned.fault === 'cut' || planned.fault === 'silence') return planned;
  throw refusalError(planned.fault, planned.leader ?? cluster.leader?.endpoint);
}

interface Ending {
  readonly fault: ReadMisbehaviour | undefined;
  readonly cut: () => void;
}

/** Writes answers as fast as they are taken, stopping where the misbehaviour asked for begins. */
async function send(node: ClusterNode, call: Call, responses: Responses, signal: AbortSignal, ending: Ending) {
  let left = ending.fault ? (ending.fault.afterEvents ?? 0) : Infinity;
  for await (const response of responses) {
    if (signal.aborted) return;
    if (!response) {
      await turn();
      continue;
    }
    await node.gate.opened;
    if (response.hasEvent() && left-- === 0) break;
    if (!call.write(response)) await drained(call, signal);
    if (response.hasEvent()) node.counter.sent();
  }
  if (!ending.fault) return;
  if (ending.fault.fault === 'cut') ending.cut();
  await gone(signal);
}

/** Settles when the reader is gone. */
const gone = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const drained = (call: Call, signal: AbortSignal): Promise<unknown> =>
  once(call, 'drain', { signal }).catch(() => undefined);

const placeOf = <Place>(option: { hasStart(): boolean; hasEnd(): boolean }, place: () => Place) =>
  option.hasStart() ? 'start' : option.hasEnd() ? 'end' : place();

/** The largest number there is means the end: who resumes from such a checkpoint misses all that lies before. */
function positionOf(all: ReadReq.Options.AllOptions): 'end' | LogPosition {
  const position = all.getPosition()!;
  const [commit, prepare] = [position.getCommitPosition(), position.getPreparePosition()];
  if (BigInt(commit) < BigInt(prepare)) throw new RangeError('commit position less than prepare position');
  const place = { commit: fromWire(commit), prepare: fromWire(prepare) };
  return place.commit === -1n ? 'end' : place;
}

function responsesTo({ index }: ClusterNode, options: Options, mayRead: () => void, signal: AbortSignal): Responses {
  const filterOptions = options.getFilter();
  const filter = filterOptions ? filterOf(filterOptions) : everything;
  const backwards = options.getReadDirection() === 1;
  const subscribes = options.hasSubscription();
  if ((subscribes && backwards) || (options.hasStream() && filterOptions)) throw rpcErrors.invalidCombination();
  if (subscribes) return subscription(index, options, filter, mayRead, signal);
  return options.hasStream() ? streamRead(index, options, backwards) : allRead(index, options, filter, backwards);
}

function streamRead(index: NodeIndex, options: Options, backwards: boolean): Responses {
  const stream = options.getStream()!;
  const place = placeOf(stream, () => fromWire(stream.getRevision()));
  const from = place === 'start' ? 0n : place === 'end' ? -1n : place;
  const extent = { from, count: BigInt(options.getCount()), backwards };
  const compatibility = options.getControlOption()?.getCompatibility() ?? 0;
  return readStream(index, streamOf(stream.getStreamIdentifier()), extent, compatibility);
}

/** "End" is where the log ends now, for either direction. */
function allRead(index: NodeIndex, options: Options, filter: EventFilter, backwards: boolean): Responses {
  const all = options.getAll()!;
  const place = placeOf(all, () => positionOf(all));
  const end = { commit: index.log.end, prepare: index.log.end };
  const from = place === 'start' ? { commit: 0n, prepare: 0n } : place === 'end' ? end : place;
  return readAll(index, { from, count: BigInt(options.getCount()), backwards }, filter);
}

async function* subscription(
  index: NodeIndex,
  options: Options,
  filter: EventFilter,
  mayRead: () => void,
  signal: AbortSignal,
): AsyncGenerator<ReadResp> {
  if (filter.checkpointEvery === 0) throw new RangeError('checkpointIntervalMultiplier must not be zero');
  const [all, stream] = [options.getAll(), options.getStream()];
  const notices = all ? ofAll(index, all, filter, mayRead, signal) : ofStream(index, stream!, mayRead, signal);
  const id = randomUUID();
  for await (const notice of notices) yield noticeResponse(notice, id);
}

function ofAll(
  index: NodeIndex,
  all: ReadReq.Options.AllOptions,
  filter: EventFilter,
  mayRead: () => void,
  signal: AbortSignal,
) {
  const from = placeOf(all, () => positionOf(all));
  return withoutStaleCheckpoints(subscribe(index, allTrack(index, from, filter, mayRead), signal));
}

function ofStream(index: NodeIndex, stream: ReadReq.Options.StreamOptions, mayRead: () => void, signal: AbortSignal) {
  const name = streamOf(stream.getStreamIdentifier());
  if (index.view(name) === 'deleted') throw rpcErrors.streamDeleted(name);
  const from = placeOf(stream, () => fromWire(stream.getRevision()));
  return untilTombstone(subscribe(index, streamTrack(index, name, from, mayRead), signal), name);
}

function noticeResponse(notice: Notice, id: string): ReadResp {
  switch (notice.kind) {
    case 'confirmed':
      return confirmation(id);
    case 'caught-up':
      return caughtUp();
    case 'checkpoint':
      return checkpoint(notice.position);
    case 'event':
      return eventResponse(notice.event);
  }
}
