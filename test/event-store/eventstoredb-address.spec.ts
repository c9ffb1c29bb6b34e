import { describe, expect, it } from '@jest/globals';
import { START } from '../../src/event-store/position.js';
import { loadConfig } from '../../src/config.js';
import { storeAt, usingDouble } from '../support/store/eventstoredb-store.js';

const using = usingDouble();
const addressed = (scheme: string): string => using.double.url.replace(/^esdb/, scheme);

describe('an address as KurrentDB’s clients take it', () => {
  const schemes = ['esdb', 'kurrentdb', 'kurrent', 'kdb'].flatMap((scheme) => [scheme, `${scheme}+discover`]);
  it.each(schemes)('%s:// leads to the server, for EVENT_STORE=kurrentdb as for eventstoredb', async (scheme) => {
    for (const word of ['kurrentdb', 'eventstoredb']) {
      const config = loadConfig({ EVENT_STORE: word, EVENTSTOREDB_URL: addressed(scheme) });
      expect(config.eventStore).toBe('eventstoredb');
      const store = storeAt(config.eventStoreDbUrl!);
      await expect(store.head()).resolves.toBe(START);
      await store.close();
    }
  });

  it('another scheme is none, and is told without the address', () => {
    const env = { EVENT_STORE: 'kurrentdb', EVENTSTOREDB_URL: 'kurrentdbs://admin:s3cret@127.0.0.1:2113' };
    expect(() => loadConfig(env)).toThrow(/^EVENTSTOREDB_URL: its value cannot be used; expected (?!.*s3cret)/);
  });
});
