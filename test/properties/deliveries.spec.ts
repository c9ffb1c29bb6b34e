import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { startTestLedger, type TestLedger } from '../support/ledger/ledger.js';
import { BY_KEY, KEY } from '../support/ledger/senders/keyed.js';
import type { Life, Sender, Delivery } from '../support/ledger/senders/sender.js';
import { SECRETS, SIGNED } from '../support/ledger/senders/signed.js';
import { tries } from '../support/tries.js';

const READER = 'key-of-a-reader-of-twenty';
const SENDERS: readonly Sender[] = [...SIGNED, ...BY_KEY];

/** What says when and in which order it was told; all else is what the executions came to. */
const OF_THE_TELLING = [
  'revision',
  'position',
  'created_at',
  'last_activity_at',
  'started_at',
  'duration_ms',
  'refused_count',
];

describe('deliveries of foreign systems', () => {
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = await startTestLedger({ ...SECRETS, API_KEYS: `sender:${KEY}:report,reader:${READER}:read` });
  }, 60_000);
  afterAll(() => ledger.close(), 30_000);

  async function deliver(sender: Sender, told: Delivery): Promise<string[]> {
    const { text, headers } = sender.pack(JSON.stringify(told.payload), told);
    const { status, body } = await ledger.call('POST', sender.path, text, headers);
    expect([status, body.receipts]).toEqual([sender.taken, expect.any(Array)]);
    return body.receipts.map(({ verdict }: { verdict: string }) => verdict);
  }

  /** What the executions came to, with a name of its own for each that does not depend on its id. */
  async function outcomes({ ids }: Life): Promise<unknown[]> {
    const named = (text: string): string => ids.reduce((all, id, n) => all.replaceAll(id, `execution ${n}`), text);
    const outcomeOf = async (id: string): Promise<unknown> => {
      const { text } = await ledger.call('GET', `/executions/${encodeURIComponent(id)}`, undefined, {
        'x-api-key': READER,
      });
      const shown = JSON.parse(named(text)) as Record<string, unknown>;
      return Object.fromEntries(Object.entries(shown).filter(([member]) => !OF_THE_TELLING.includes(member)));
    };
    return Promise.all(ids.map(outcomeOf));
  }

  it.each(SENDERS.map((sender) => [sender.name, sender] as const))(
    'of %s come to the same in any order, and any number of times',
    async (_name, sender) => {
      const inOrder = sender.life();
      for (const told of inOrder.told) await deliver(sender, told);
      const expected = await outcomes(inOrder);
      const places = [...inOrder.told.keys()];
      const orders = fc.tuple(fc.shuffledSubarray(places), fc.subarray(places)).chain(([some, again]) =>
        fc.shuffledSubarray([...places, ...some, ...again], {
          minLength: places.length + some.length + again.length,
        }),
      );
      await fc.assert(
        fc.asyncProperty(orders, async (order) => {
          const life = sender.life();
          const seen = new Set<number>();
          for (const place of order) {
            const verdicts = await deliver(sender, life.told[place]!);
            // The second time it is the same report: it is neither new nor somebody else's.
            if (seen.has(place)) expect(verdicts).not.toContain('id_reused');
            seen.add(place);
          }
          expect(await outcomes(life)).toEqual(expected);
        }),
        { numRuns: tries(24, 3) },
      );
    },
    60_000,
  );
});
