import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { closedLoop, type Scale } from '../load.js';
import { SAMPLE_DATA, SAMPLE_METADATA, SAMPLE_TYPE, STREAM_LENGTH } from '../sample.js';

/** The plain client's default way of appending: the same JSON, at the revision the caller knows. */
export async function clientAppend(url: string, clients: number, scale: Scale): Promise<number> {
  const client = EventStoreDBClient.connectionString(url);
  const streams = new Array<string>(clients);
  try {
    return await closedLoop(clients, scale, async (number, count) => {
      const revision = count % STREAM_LENGTH;
      if (revision === 0) streams[number] = `execution-${randomUUID()}`;
      const event = jsonEvent({ type: SAMPLE_TYPE, data: SAMPLE_DATA, metadata: { ...SAMPLE_METADATA } });
      const expectedRevision = revision === 0 ? NO_STREAM : BigInt(revision - 1);
      const { success } = await client.appendToStream(streams[number]!, event, { expectedRevision });
      if (!success) throw new Error('the plain client failed to append');
    });
  } finally {
    await client.dispose();
  }
}
