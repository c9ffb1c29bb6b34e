import { EventStoreDBClient } from '@eventstore/db-client';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import grpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { CallOptions, Metadata } from '@grpc/grpc-js';
import Empty from 'google-protobuf/google/protobuf/empty_pb.js';

/**
 * The one place that knows which client this is, and the only one that may import it (the linter holds to that). What the
 * move to another client changes here, and what it leaves alone: docs/decisions/0025.
 */

export { Empty, shared, streams };
export type { StreamsClient };
export type { BatchAppendReq, BatchAppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';

/**
 * What the client does well and keeps to itself: connection strings, TLS, credentials, and finding the right node of a
 * cluster. Its public calls are not used: they have no deadlines on reads, no filter on reads of the log, round numbers,
 * and one unexpected answer ends the process (docs/decisions/0015).
 */
export interface Inside {
  getGRPCClient(client: typeof StreamsClient, name: string): Promise<StreamsClient>;
  callArguments(
    base: { requiresLeader?: boolean; deadline?: number },
    options?: Partial<CallOptions>,
  ): [Metadata, CallOptions];
  handleError(client: StreamsClient, error: unknown): Promise<void>;
  getChannel(): Promise<{ close(): void }>;
}

/** The schemes that KurrentDB's clients know beside `esdb`, the only one that this client does. */
const SCHEME = /^(?:kurrentdb|kurrent|kdb)(?=:|\+discover:)/;

/** Connects to nothing yet. @throws Error when the URL is none the client knows */
export const clientOf = (url: string): Inside =>
  EventStoreDBClient.connectionString(url.replace(SCHEME, 'esdb')) as unknown as Inside;

/** What sends the messages, over the client's channel. */
export const stubOf = (inside: Inside): Promise<StreamsClient> => inside.getGRPCClient(grpc.StreamsClient, 'ledger');
