import { afterEach, beforeEach } from '@jest/globals';
import { credentials } from '@grpc/grpc-js';
import { EventStoreDBClient } from '@eventstore/db-client';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { startEventStoreDbDouble, type EventStoreDbDouble, type EventStoreDbDoubleOptions } from './index.js';

type RawClient = InstanceType<typeof streamsGrpc.StreamsClient>;

export interface WithDouble {
  readonly double: EventStoreDbDouble;
  readonly client: EventStoreDBClient;
  /** A client that knows the protocol, and nothing of what the real client makes of it. */
  readonly raw: RawClient;
}

/** A double and its clients for every test, and the end of them after it. */
export function withDouble(options: EventStoreDbDoubleOptions = {}): WithDouble {
  let current: WithDouble;
  beforeEach(async () => {
    const double = await startEventStoreDbDouble(options);
    const client = EventStoreDBClient.connectionString(double.url);
    const raw = new streamsGrpc.StreamsClient(`127.0.0.1:${double.port}`, credentials.createInsecure());
    current = { double, client, raw };
  });
  afterEach(async () => {
    const { double, client, raw } = current;
    double.thaw();
    raw.close();
    await client.dispose();
    await double.stop();
  });
  return {
    get double() {
      return current.double;
    },
    get client() {
      return current.client;
    },
    get raw() {
      return current.raw;
    },
  };
}
