import { fresh, serving, standing, type Start } from './http.js';
import { eventually, passed } from '../../support/eventually.js';

const soon = (ms: number): string => new Date(Date.now() + ms).toISOString();
/** The promise is a second; the rest is for a machine that does other things as well. */
const BOUND_MS = 1_000 + 4_000;

/** docs/semantics.md §4, time out. */
export function describeTimeOuts(start: Start): void {
  describe('time-outs', () => {
    const http = serving(start);
    const register = async (more: object): Promise<string> => {
      const execution_id = fresh('due');
      expect((await http.post('/executions', { execution_id, ...more })).status).toBe(201);
      return execution_id;
    };
    const ended = (id: string) =>
      eventually(
        () => http.show(id),
        ({ authority }) => authority !== null,
      );
    /** Until whatever is due by now has been looked for twice: what it would have ended has come to its end. */
    const looked = async (): Promise<void> => {
      for (let n = 0; n < 2; n++)
        expect(await ended(await register({ timeout_ms: 0 }))).toMatchObject({ status: 'timeout' });
    };
    const outcomes = async (id: string): Promise<string[]> =>
      (await http.history(id)).events
        .map(({ type }: { type: string }) => type)
        .filter((type: string) => /TimedOut|Succeeded|Failed|Cancelled/.test(type));

    it.each([
      ['a deadline', () => ({ deadline: soon(300) })],
      ['a timeout', () => ({ timeout_ms: 300 })],
      ['a deadline before the timeout is over', () => ({ deadline: soon(300), timeout_ms: 3_600_000 })],
      ['a deadline that had passed', () => ({ deadline: '2020-01-01T00:00:00Z' })],
    ])(
      '%s ends what is still open within a second of being due, once, by watchdog',
      async (_what, when) => {
        const id = await register(when());
        const { deadline } = await http.show(id);
        const shown = await ended(id);
        expect(shown).toMatchObject({
          status: 'timeout',
          authority: 'watchdog',
          sealed: false,
          resumable: true,
          attempt: 1,
        });
        const late = Date.parse(shown.completed_at) - Date.parse(deadline);
        if (deadline > '2021') expect(late).toBeLessThan(BOUND_MS);
        await looked();
        const { events } = await http.history(id);
        expect(events.map(({ type }: { type: string }) => type)).toEqual(['ExecutionRegistered', 'ExecutionTimedOut']);
        expect(events[1]).toMatchObject({ reporter: { actor: 'ledger', authority: 'watchdog' }, source: 'time_out' });
      },
      20_000,
    );

    it('none that registered no deadline is ever ended, and none before it is due', async () => {
      const silent = await standing(http, 'running');
      const later = await register({ deadline: '2999-01-01T00:00:00Z' });
      await looked();
      expect(await outcomes(silent)).toEqual([]);
      expect(await outcomes(later)).toEqual([]);
    }, 20_000);

    it('a terminal that lands first wins', async () => {
      const ids = await Promise.all(Array.from({ length: 20 }, () => register({ timeout_ms: 250 })));
      await Promise.all(
        ids.map((id, n) => (n % 2 ? http.tell(id, 'succeeded') : http.post(`/executions/${id}/cancel`))),
      );
      await looked();
      for (const [n, id] of ids.entries()) {
        const [first, ...more] = await outcomes(id);
        // A machine that is slow may have been overtaken by the clock: then the worker corrects, and an operator discards.
        expect(more.length === 0 || first === 'ExecutionTimedOut').toBe(true);
        expect((await http.show(id)).status).toBe(n % 2 ? 'succeeded' : 'cancelled');
      }
    }, 20_000);

    it('at the very moment: whoever comes first, the worker has the last word and is told so', async () => {
      const deadline = soon(400);
      const ids = await Promise.all(Array.from({ length: 20 }, () => register({ deadline })));
      await passed(Date.parse(deadline));
      const told = await Promise.all(ids.map((id) => http.tell(id, 'succeeded')));
      expect(new Set(told.map(({ body }) => body.verdict))).toEqual(new Set(['applied']));
      await looked();
      for (const id of ids) {
        expect((await outcomes(id)).join()).toMatch(/^(ExecutionTimedOut,)?ExecutionSucceeded$/);
        expect(await http.show(id)).toMatchObject({ status: 'succeeded', authority: 'worker' });
      }
    }, 20_000);

    it.each(['waiting', 'paused'])(
      'the clock of a timeout stands while it is %s, and goes on afterwards',
      async (status) => {
        const id = await register({ timeout_ms: 600 });
        await http.tell(id, 'running');
        expect((await http.tell(id, status)).body.current.status).toBe(status);
        expect(await http.show(id)).not.toHaveProperty('deadline');
        await passed(Date.now() + 700);
        await looked();
        expect((await http.show(id)).status).toBe(status);
        if (status === 'paused') await http.post(`/executions/${id}/resume`);
        else await http.tell(id, 'running');
        expect(await ended(id)).toMatchObject({ status: 'timeout', attempt: 1 });
      },
    );

    it.each(['waiting', 'paused'])(
      'a deadline that passes while it is %s ends it when it goes on',
      async (status) => {
        const id = await register({ deadline: soon(300) });
        await http.tell(id, status);
        expect((await http.show(id)).status).toBe(status);
        await passed(Date.now() + 400);
        await looked();
        expect((await http.show(id)).status).toBe(status);
        if (status === 'paused') {
          await http.post(`/executions/${id}/resume`);
          await looked();
          // The resume dropped it: what was resumed knowingly is not ended at once.
          expect(await http.show(id)).toMatchObject({ status: 'pending', attempt: 1 });
        } else {
          await http.tell(id, 'running');
          expect(await ended(id)).toMatchObject({ status: 'timeout' });
        }
      },
      20_000,
    );

    it('a timeout counts anew in the next attempt, which the worker of the last cannot end', async () => {
      const id = await register({ timeout_ms: 200 });
      await ended(id);
      expect((await http.post(`/executions/${id}/resume`)).body).toMatchObject({ applied: true, attempt: 2 });
      expect((await http.tell(id, 'succeeded')).body.verdict).toBe('fenced');
      expect(await ended(id)).toMatchObject({ status: 'timeout', attempt: 2 });
      expect(await outcomes(id)).toEqual(['ExecutionTimedOut', 'ExecutionTimedOut']);
    }, 20_000);

    it('is counted, and what is overdue is measured', async () => {
      await looked();
      const { text } = await http.get('//metrics');
      expect(Number(/^ledger_timed_out_total (\d+)$/m.exec(text)![1])).toBeGreaterThanOrEqual(2);
      expect(text).toMatch(/^ledger_overdue_ms \d+$/m);
    }, 20_000);
  });
}
