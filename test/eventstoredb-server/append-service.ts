import type { sendUnaryData, ServerReadableStream, ServerUnaryCall } from '@grpc/grpc-js';
import type {
  AppendReq,
  AppendResp,
  DeleteReq,
  DeleteResp,
  TombstoneReq,
  TombstoneResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { unaryAnswer } from './append-answers.js';
import { refusalError } from './faults.js';
import type { ProposedEvent } from './log.js';
import type { ClusterNode } from './node.js';
import { eventOf, expectedOf, sizeOf, streamOf } from './proposed.js';
import { asRpcError, rpcErrors } from './rpc-error.js';
import { write, type Answer, type Caller } from './writing.js';

type Cut = (peer: string) => void;

/** The unary way of appending: one call an append, its options first, then an event a message. */
export function appendService(node: ClusterNode, cut: Cut) {
  return (call: ServerReadableStream<AppendReq, AppendResp>, callback: sendUnaryData<AppendResp>): void => {
    node.counter.count('append');
    append(node, call, { metadata: call.metadata, cut: () => cut(call.getPeer()) }).then(
      (response) => callback(null, response),
      (error: unknown) => callback(asRpcError(error)),
    );
  };
}

async function append(node: ClusterNode, messages: AsyncIterable<AppendReq>, caller: Caller): Promise<AppendResp> {
  node.authorize(caller.metadata, 'append');
  const [options, proposed] = await collect(messages, node.settings.maxAppendSize);
  const stream = streamOf(options.getStreamIdentifier());
  const expects = expectedOf(options, () => options.getRevision());
  const answer = await write(node, caller, 'append', (writer) => writer.append({ stream, expects, events: proposed }));
  return unaryAnswer(answer, stream, expects);
}

async function collect(
  messages: AsyncIterable<AppendReq>,
  limit: number,
): Promise<[AppendReq.Options, readonly ProposedEvent[]]> {
  const events: ProposedEvent[] = [];
  let options: AppendReq.Options | undefined;
  let size = 0;
  for await (const message of messages) {
    options ??= message.getOptions();
    const proposed = message.getProposedMessage();
    if (!proposed) continue;
    for (const property of ['type', 'content-type'])
      if (proposed.getMetadataMap().get(property) === undefined) throw rpcErrors.metadataMissing(property);
    size += sizeOf(proposed);
    if (size > limit) throw rpcErrors.maxAppendSize(limit);
    events.push(eventOf(proposed));
  }
  if (!options) throw new TypeError('an append begins with its options');
  return [options, events];
}

/** Soft: the stream reads as missing, and goes on counting when it is appended to again. */
export function deleteService(node: ClusterNode, cut: Cut) {
  return (call: ServerUnaryCall<DeleteReq, DeleteResp>, callback: sendUnaryData<DeleteResp>): void => {
    node.counter.count('delete');
    erase(node, call, cut, 'delete').then(
      (position) => callback(null, new streams.DeleteResp().setPosition(positionIn(streams.DeleteResp, position))),
      (error: unknown) => callback(asRpcError(error)),
    );
  };
}

/** Hard: nobody reads or appends ever again. */
export function tombstoneService(node: ClusterNode, cut: Cut) {
  return (call: ServerUnaryCall<TombstoneReq, TombstoneResp>, callback: sendUnaryData<TombstoneResp>): void => {
    node.counter.count('tombstone');
    erase(node, call, cut, 'tombstone').then(
      (position) =>
        callback(null, new streams.TombstoneResp().setPosition(positionIn(streams.TombstoneResp, position))),
      (error: unknown) => callback(asRpcError(error)),
    );
  };
}

interface WithPosition<P> {
  readonly Position: new () => P & { setCommitPosition(value: string): P; setPreparePosition(value: string): P };
}

function positionIn<P>(response: WithPosition<P>, position: bigint): P {
  const message = new response.Position();
  message.setPreparePosition(position.toString());
  return message.setCommitPosition(position.toString());
}

async function erase(
  node: ClusterNode,
  call: ServerUnaryCall<DeleteReq | TombstoneReq, unknown>,
  cut: Cut,
  how: 'delete' | 'tombstone',
): Promise<bigint> {
  node.authorize(call.metadata);
  const options = call.request.getOptions()!;
  const stream = streamOf(options.getStreamIdentifier());
  const expects = expectedOf(options, () => options.getRevision());
  const caller = { metadata: call.metadata, cut: () => cut(call.getPeer()) };
  const answer = await write(node, caller, 'delete', (writer) => writer[how](stream, expects));
  return erased(answer, stream, expects);
}

function erased(answer: Answer, stream: string, expects: bigint): bigint {
  switch (answer.kind) {
    case 'written':
      return answer.position;
    case 'wrong-version':
      throw rpcErrors.wrongVersion('Delete', stream, expects, answer.current);
    case 'deleted':
      throw rpcErrors.streamDeleted(stream);
    case 'timeout':
    case 'unexpected':
      throw rpcErrors.timeout();
    default:
      throw refusalError(answer.kind, answer.leader);
  }
}
