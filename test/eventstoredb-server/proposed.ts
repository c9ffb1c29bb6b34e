import type { UUID, StreamIdentifier } from '@eventstore/db-client/generated/shared_pb.js';
import type { AppendReq, BatchAppendReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { ProposedEvent } from './log.js';
import { fromWire } from './position.js';
import { expected } from './writer.js';

type Message = AppendReq.ProposedMessage | BatchAppendReq.ProposedMessage;

const guid = /^\s*[{(]?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})[)}]?\s*$/i;
const nil = '00000000-0000-0000-0000-000000000000';

/** Ids are kept as UUIDs, whose one spelling is lower-case: what was sent is not what comes back. */
export function uuidOf(uuid: UUID | undefined): string {
  const parts = guid.exec(uuid?.getString() ?? '');
  if (!parts) throw new TypeError('Unrecognized Guid format.');
  return parts.slice(1).join('-').toLowerCase();
}

export function streamOf(identifier: StreamIdentifier | undefined): string {
  const name = Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
  if (!name) throw new TypeError('eventStreamId should not be empty.');
  return name;
}

/** An event as the server takes it; whatever it cannot take is thrown, and the client is told nothing precise. */
export function eventOf(message: Message): ProposedEvent {
  const id = uuidOf(message.getId());
  const type = message.getMetadataMap().get('type');
  const contentType = message.getMetadataMap().get('content-type');
  if (id === nil) throw new TypeError('Empty eventId provided.');
  if (!type || contentType === undefined) throw new TypeError('Empty eventType provided.');
  const isJson = contentType === 'application/json';
  return { id, type, isJson, data: message.getData_asU8(), metadata: message.getCustomMetadata_asU8() };
}

/** What counts against the largest append: bodies only. The server means to add types and metadata, and does not. */
export const sizeOf = (message: Message): number => message.getData_asU8().length;

interface Expectation {
  hasAny(): boolean;
  hasNoStream(): boolean;
  hasStreamExists(): boolean;
}

export function expectedOf(options: Expectation, revision: () => string): bigint {
  if (options.hasAny()) return expected.any;
  if (options.hasNoStream()) return expected.noStream;
  return options.hasStreamExists() ? expected.streamExists : fromWire(revision());
}
