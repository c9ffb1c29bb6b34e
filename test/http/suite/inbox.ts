import { INBOX_LISTS } from '../../../src/contract/inbox.js';
import { expectProblem, fresh, serving, standing, type Http, type Start } from './http.js';
import { eventually } from '../../support/eventually.js';

interface Item {
  readonly kind: string;
  readonly count: number;
  readonly count_is_exact: boolean;
  readonly oldest_at?: string;
  readonly query: string;
}

/** What its address shows, and how many of them. */
async function shownAt(http: Http, { query }: Item) {
  const { body } = await http.get(`${query.replace('/api/v1', '')}&count=true`);
  return {
    ...{ count: body.total, count_is_exact: body.total_is_exact },
    oldest_at: body.executions[0]?.last_activity_at,
    ids: body.executions.map(({ execution_id }: { execution_id: string }) => execution_id) as string[],
  };
}

/** docs/http-api.md, Inbox: what needs a person. */
export function describeInbox(start: Start): void {
  describe('GET /inbox', () => {
    const http = serving(start, { SILENT_AFTER: '1s' });
    const itemsAt = async (position = '0'): Promise<Item[]> => {
      const { status, body, headers } = await http.get(`/inbox?wait_for=${position}`);
      expect(status).toBe(200);
      expect(headers.get('ledger-position')).toBe(body.as_of.position);
      return body.items;
    };

    it('counts nothing where nothing is, and names every kind all the same', async () => {
      // A projection of which nobody has the lead yet stands still, too.
      const isLed = (items: Awaited<ReturnType<typeof itemsAt>>): boolean => items.at(-1)!.count === 0;
      expect(await eventually(() => itemsAt(), isLed)).toEqual(
        [...Object.keys(INBOX_LISTS), 'drift', 'parked_events', 'stalled_projections'].map((kind) => ({
          ...{
            kind,
            count: 0,
            count_is_exact: true,
            query: expect.stringMatching(/^\/api\/v1\/(executions\?|projections$)/),
          },
        })),
      );
    });

    it('counts of each kind as many as its address shows, and says since when', async () => {
      const ids: Record<string, string> = {};
      ids['silent'] = await standing(http, 'running');
      ids['contradicted'] = fresh();
      await http.tell(ids['contradicted'], 'succeeded', { error: 'disk full' });
      ids['zombies'] = await standing(http, 'failed');
      await http.post(`/executions/${ids['zombies']}/resume`);
      await http.tell(ids['zombies'], 'running');
      ids['failed_and_resumable'] = await standing(http, 'failed');
      await standing(http, 'timeout', 'watchdog');
      ids['waiting_for_approval'] = await standing(http, 'waiting');
      ids['past_due'] = fresh();
      await http.post('/executions', {
        execution_id: ids['past_due'],
        deadline: new Date(Date.now() + 1_500).toISOString(),
      });
      await http.post(`/executions/${ids['past_due']}/pause`);
      const items = await eventually(itemsAt, (all) => all.slice(0, 6).every(({ count }) => count > 0));
      expect(Object.fromEntries(items.map(({ kind, count }) => [kind, count]))).toMatchObject({
        ...{ contradicted: 1, zombies: 1, failed_and_resumable: 2, waiting_for_approval: 1, past_due: 1 },
        ...{ drift: 0, parked_events: 0, stalled_projections: 0 },
      });
      for (const item of items.slice(0, 6)) {
        const { ids: shown, ...counted } = await shownAt(http, item);
        expect({ kind: item.kind, shown }).toEqual({
          kind: item.kind,
          shown: expect.arrayContaining([ids[item.kind]]),
        });
        const { kind: _kind, query: _query, ...said } = item;
        // The worker of the zombie falls silent in between.
        if (item.kind !== 'silent') expect(said).toEqual(counted);
      }
      expect(await shownAt(http, items[0]!)).toMatchObject({ oldest_at: items[0]!.oldest_at });
    }, 20_000);

    it('takes no filter, and waits for no position beyond the head', async () => {
      expectProblem(await http.get('/inbox?kind=silent'), 400, 'validation');
      expectProblem(await http.get('/inbox?wait_for=999999999'), 409, 'position_ahead');
    });
  });
}
