import type { Message } from 'google-protobuf';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import google from 'google-protobuf/google/protobuf/empty_pb.js';
import type { Status } from '@eventstore/db-client/generated/status_pb.js';
import type { AppendResp, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import code from '@eventstore/db-client/generated/code_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import statuses from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { refusalError } from './faults.js';
import { NO_STREAM } from './log.js';
import { rpcErrors } from './rpc-error.js';
import { expected } from './writer.js';
import type { Answer } from './writing.js';

type Written = Extract<Answer, { kind: 'written' }>;

export const identifierOf = (stream: string) =>
  new shared.StreamIdentifier().setStreamName(Buffer.from(stream, 'utf8'));

/** The answer to a unary append: conflicts are answers, everything else that goes wrong is an error. */
export function unaryAnswer(answer: Answer, stream: string, expects: bigint): AppendResp {
  switch (answer.kind) {
    case 'written':
      return new streams.AppendResp().setSuccess(unarySuccess(answer));
    case 'wrong-version':
      return new streams.AppendResp().setWrongExpectedVersion(unaryConflict(answer.current, expects));
    case 'unexpected':
      return new streams.AppendResp();
    case 'deleted':
      throw rpcErrors.streamDeleted(stream);
    case 'timeout':
      throw rpcErrors.timeout();
    default:
      throw refusalError(answer.kind, answer.leader);
  }
}

function unarySuccess({ last, position }: Written) {
  const success = new streams.AppendResp.Success();
  if (last === NO_STREAM) success.setNoStream(new shared.Empty());
  else success.setCurrentRevision(last.toString());
  if (position < 0n) return success.setNoPosition(new shared.Empty());
  const text = position.toString();
  return success.setPosition(new streams.AppendResp.Position().setCommitPosition(text).setPreparePosition(text));
}

function unaryConflict(current: bigint, expects: bigint) {
  const conflict = new streams.AppendResp.WrongExpectedVersion();
  if (current === NO_STREAM) conflict.setCurrentNoStream(new shared.Empty());
  else conflict.setCurrentRevision(current.toString());
  if (expects === expected.any) return conflict.setExpectedAny(new shared.Empty());
  if (expects === expected.noStream) return conflict.setExpectedNoStream(new shared.Empty());
  if (expects === expected.streamExists) return conflict.setExpectedStreamExists(new shared.Empty());
  return conflict.setExpectedRevision(expects.toString());
}

/** The answer to one append of a batch stream; a node that names its leader ends the whole stream instead. */
export function batchAnswer(answer: Answer, stream: string, expects: bigint): BatchAppendResp {
  const response = new streams.BatchAppendResp().setStreamIdentifier(identifierOf(stream));
  switch (answer.kind) {
    case 'written':
      return response.setSuccess(batchSuccess(answer));
    case 'wrong-version':
      return response.setError(batchErrors.wrongVersion(answer.current, expects));
    case 'deleted':
      return response.setError(batchErrors.deleted(stream));
    case 'timeout':
      return response.setError(batchErrors.timeout());
    case 'unexpected':
      return response;
    case 'not-leader':
      if (answer.leader) throw refusalError(answer.kind, answer.leader);
  }
  return response.setError(batchErrors.refused(batchRefusals[answer.kind]));
}

const batchRefusals = {
  'not-ready': 'Server Is Not Ready',
  busy: 'Server Is Busy',
  'no-leader-info': 'No leader info available in response',
  'not-leader': 'No leader info available in response',
} as const;

function batchSuccess({ last, position }: Written) {
  const success = new streams.BatchAppendResp.Success();
  if (last === NO_STREAM) success.setNoStream(new google.Empty());
  else success.setCurrentRevision(last.toString());
  if (position < 0n) return success.setNoPosition(new google.Empty());
  const text = position.toString();
  return success.setPosition(new shared.AllStreamPosition().setCommitPosition(text).setPreparePosition(text));
}

function batchConflict(current: bigint, expects: bigint) {
  const conflict = new shared.WrongExpectedVersion();
  if (current === NO_STREAM) conflict.setCurrentNoStream(new google.Empty());
  else conflict.setCurrentStreamRevision(current.toString());
  if (expects === expected.any) return conflict.setExpectedAny(new google.Empty());
  if (expects === expected.noStream) return conflict.setExpectedNoStream(new google.Empty());
  if (expects === expected.streamExists) return conflict.setExpectedStreamExists(new google.Empty());
  return conflict.setExpectedStreamPosition(expects.toString());
}

function status(name: string, type: string, details: Message, grpcCode: number, text = name): Status {
  const packed = new any.Any();
  packed.pack(details.serializeBinary(), type);
  return new statuses.Status().setCode(grpcCode).setMessage(text).setDetails(packed);
}

const client = (name: string, details: Message, grpcCode: number): Status =>
  status(name, `event_store.client.${name}`, details, grpcCode);

const { Code } = code;

/** Errors inside a batch answer: a name, and the details packed under it. */
export const batchErrors = {
  wrongVersion: (current: bigint, expects: bigint) =>
    client('WrongExpectedVersion', batchConflict(current, expects), Code.ALREADY_EXISTS),
  deleted: (stream: string) =>
    client('StreamDeleted', new shared.StreamDeleted().setStreamIdentifier(identifierOf(stream)), Code.NOT_FOUND),
  accessDenied: () => client('AccessDenied', new shared.AccessDenied(), Code.PERMISSION_DENIED),
  timeout: () => client('Timeout', new shared.Timeout(), Code.DEADLINE_EXCEEDED),
  maxAppendSize: (limit: number) =>
    client(
      'MaximumAppendSizeExceeded',
      new shared.MaximumAppendSizeExceeded().setMaxappendsize(limit),
      Code.INVALID_ARGUMENT,
    ),
  badRequest: (text: string) => client('BadRequest', new shared.BadRequest().setMessage(text), Code.INVALID_ARGUMENT),
  refused: (text: string) => status(text, 'google.protobuf.Empty', new google.Empty(), Code.OK, text),
};
