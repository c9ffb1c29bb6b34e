import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient } from '@eventstore/db-client';
import { describeAppends } from './append.contract.js';
import { event, events, fresh, ways } from './given.js';
import { describeReads } from './read.contract.js';
import { describeSubscriptions } from './subscription.contract.js';

/** What an EventStoreDB does, the real one and its double alike: anything else would make the double a lie. */
export function describeServer(name: string, url: () => string): void {
  describe(name, () => {
    let client: EventStoreDBClient;
    beforeAll(() => void (client = EventStoreDBClient.connectionString(url())));
    // A client left open keeps the process alive.
    afterAll(() => client.dispose());

    describeAppends(() => client);
    describeReads(() => client);
    describeSubscriptions(() => client);

    it.each([
      ['the wrong revision', 'in a batch stream', 1n],
      ['the true revision', 'in a call of its own', 3n],
    ])('tells %s of a conflict %s to a client that is not to throw', async (_revision, way, revision) => {
      const separator = url().includes('?') ? '&' : '?';
      const quiet = EventStoreDBClient.connectionString(`${url()}${separator}throwOnAppendFailure=false`);
      const [options, stream] = [Object.fromEntries(ways)[way]!, fresh()];
      await quiet.appendToStream(stream, events(4), options);
      const conflict = await quiet.appendToStream(stream, event(), { ...options, expectedRevision: 'no_stream' });
      await quiet.dispose();
      expect(conflict).toEqual({ success: false, nextExpectedRevision: revision, position: undefined });
    });
  });
}
