import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { StoreError } from '../../../src/errors.js';
import type { Answer, TestLedger } from '../../support/ledger/ledger.js';

type Served = Omit<TestLedger, 'close'>;
type Methods = Record<string, (...given: unknown[]) => Promise<unknown>>;

const STORE_READS = ['readStream', 'readAll', 'findEvent', 'head'];
const MODEL_READS = ['find', 'findMany', 'list', 'tree', 'descendants', 'waitFor', 'checkpoint'];

/** An endpoint, what must stand before it is asked, and what of its answer can be left out. */
interface Endpoint {
  readonly name: string;
  readonly before: (ledger: Served, id: string) => Promise<unknown>;
  readonly ask: (ledger: Served, id: string, key: string) => Promise<Answer>;
}

const tell = (ledger: Served, execution_id: string, more: object): Promise<Answer> =>
  ledger.call('POST', '/workflow/executions/events', { execution_id, ...more });
const command =
  (name: string, body: object = {}): Endpoint['ask'] =>
  (ledger, id, key) =>
    ledger.call('POST', `/executions/${id}/${name}`, { ...body, command_id: key });
const nothing = async (): Promise<void> => undefined;
const running: Endpoint['before'] = (ledger, id) => tell(ledger, id, { status: 'running' });

export const ENDPOINTS: readonly Endpoint[] = [
  {
    name: 'events',
    before: nothing,
    ask: (ledger, id, key) => tell(ledger, id, { status: 'running', progress: 1, event_id: key }),
  },
  {
    name: 'status',
    before: running,
    ask: (ledger, id, key) =>
      ledger.call('POST', `/executions/${id}/status`, { status: 'succeeded', progress: 5, event_id: key }),
  },
  {
    name: 'progress',
    before: running,
    ask: (ledger, id, key) => ledger.call('POST', `/executions/${id}/progress`, { progress: 7, event_id: key }),
  },
  {
    name: 'register',
    before: nothing,
    ask: (ledger, execution_id, command_id) => ledger.call('POST', '/executions', { execution_id, command_id }),
  },
  {
    name: 'register what a report opened',
    before: running,
    ask: (ledger, execution_id, command_id) =>
      ledger.call('POST', '/executions', { execution_id, command_id, target: 't' }),
  },
  {
    name: 'dispatch',
    before: (ledger, id) => tell(ledger, id, { status: 'pending' }),
    ask: command('dispatch', { handle: { n: 1 } }),
  },
  {
    name: 'abort',
    before: (ledger, id) => tell(ledger, id, { status: 'pending' }),
    ask: command('abort', { phase: 'staging', error: 'no disk' }),
  },
  {
    name: 'resume',
    before: async (ledger, id) => {
      await running(ledger, id);
      await ledger.call('POST', `/executions/${id}/pause`);
      await tell(ledger, id, { status: 'succeeded' }); // refused while it is paused
    },
    ask: command('resume', { reason: 'r' }),
  },
  {
    name: 'resume into the next attempt',
    before: (ledger, id) => tell(ledger, id, { status: 'failed', error: 'e' }),
    ask: command('resume'),
  },
  { name: 'pause', before: running, ask: command('pause', { reason: 'r' }) },
  { name: 'cancel', before: running, ask: command('cancel', { reason: 'r' }) },
  {
    name: 'cancel with its descendants',
    before: async (ledger, id) => {
      await running(ledger, id);
      const { body } = await tell(ledger, `${id}-child`, { status: 'running', parent_execution_id: id });
      await ledger.call('GET', `/executions/${id}/tree?wait_for=${body.position}`);
    },
    ask: command('cancel', { cascade: true }),
  },
  {
    name: 'heartbeat',
    before: running,
    ask: (ledger, id, key) => ledger.call('POST', `/executions/${id}/heartbeat`, { event_id: key }),
  },
];

/** Those that show the execution, which is as of now. */
const SHOWING = new Set(['status', 'progress', 'register', 'register what a report opened']);

/** Makes reads fail once an append of this execution has been carried out: the nth, or all. */
function loseReads(
  { ledger: { parts } }: Served,
  id: string,
  nth: number | 'all',
  fault: () => unknown,
): { readonly lost: number; mend(): void } {
  const mends: (() => void)[] = [];
  let [appended, reads, lost] = [false, 0, 0];
  const replace = (whole: object, name: string, make: (real: Methods[string]) => Methods[string]): void => {
    const methods = whole as Methods;
    const real = methods[name]!.bind(whole);
    const own = Object.hasOwn(methods, name) ? methods[name] : undefined;
    methods[name] = make(real);
    mends.push(() => {
      if (own) methods[name] = own;
      else delete methods[name];
    });
  };
  replace(parts.store, 'append', (real) => async (append) => {
    const outcome = (await real(append)) as { outcome: string };
    const { stream } = append as { stream: string };
    appended ||= stream === `execution-${id}` && outcome.outcome !== 'conflict';
    return outcome;
  });
  const losing: Parameters<typeof replace>[2] =
    (real) =>
    async (...given) => {
      if (!appended || (nth !== 'all' && ++reads !== nth)) return real(...given);
      lost++;
      throw fault();
    };
  for (const name of STORE_READS) replace(parts.store, name, losing);
  for (const name of MODEL_READS) replace(parts.readModel, name, losing);
  return {
    get lost() {
      return lost;
    },
    mend: () => mends.splice(0).forEach((mend) => mend()),
  };
}

/** What is told of what was decided, whatever else fails (docs/semantics.md §3.0, §5). */
export function describeReceipts(ledger: Served): void {
  describe('the receipt', () => {
    let mend: () => void = () => undefined;
    afterEach(() => mend());

    it.each(ENDPOINTS)('of $name goes out whatever is lost after the append', async ({ name, before, ask }) => {
      const tryOne = async (nth: number | 'all', fault: () => unknown): Promise<number> => {
        const [id, key] = [`lost-${randomUUID()}`, randomUUID()];
        await before(ledger, id);
        const reads = loseReads(ledger, id, nth, fault);
        mend = reads.mend;
        const told = await ask(ledger, id, key);
        reads.mend();
        expect({ name, nth, status: told.status, body: told.body }).toMatchObject({
          status: name === 'register' ? 201 : 200,
          body: { verdict: 'applied', applied: true, execution_id: id },
        });
        const short = told.body.omitted ?? told.body.children_omitted;
        if (nth === 'all') expect([name, short !== undefined]).toEqual([name, reads.lost > 0]);
        if (name === 'heartbeat') return 0; // so soon after a report it leaves no event
        const again = await ask(ledger, id, key);
        expect(again.body).toMatchObject({ applied: true, replayed: true, position: told.body.position });
        return reads.lost;
      };
      const lost = await tryOne('all', () => new StoreError('unavailable', 'lost'));
      if (lost > 0) await tryOne('all', () => new TypeError('a mistake'));
      for (let nth = 1; nth <= lost + 2 && lost > 0; nth++)
        await tryOne(nth, () => new StoreError('unavailable', 'lost'));
    });

    it.each(ENDPOINTS)(
      'of $name is the same word for word when it is asked for again',
      async ({ name, before, ask }) => {
        const [id, key] = [`word-${randomUUID()}`, randomUUID()];
        await before(ledger, id);
        const first = await ask(ledger, id, key);
        // It moves on meanwhile, and others say the same.
        await ask(ledger, id, randomUUID());
        await tell(ledger, id, { status: 'running', message: 'later' });
        await ledger.call('POST', `/executions/${id}/pause`);
        await ledger.call('POST', `/executions/${id}/cancel`);
        if (name === 'heartbeat') return; // so soon after a report it leaves no event, and is a new one each time
        const again = await ask(ledger, id, key);
        const asked = ['verdict', 'applied', 'execution_id', 'position'] as const;
        const words = SHOWING.has(name) ? Object.fromEntries(asked.map((key) => [key, first.body[key]])) : first.body;
        const { current: _then, ...rest } = words;
        expect(again.body).toMatchObject({ ...rest, replayed: true, current: { revision: expect.any(Number) } });
        expect(again.body.current.revision).toBeGreaterThanOrEqual(first.body.current.revision);
        if (!SHOWING.has(name))
          expect(Object.keys(again.body).sort()).toEqual([...Object.keys(first.body), 'replayed'].sort());
        expect(again.headers.get('ledger-position')).toBe(first.body.position);
      },
    );

    it('of one that said the same under another id says nothing of who opened the execution', async () => {
      const id = `opened-${randomUUID()}`;
      const say = (event_id: string) => tell(ledger, id, { progress: 5, event_id });
      const first = { a: (await say('a')).body, b: (await say('b')).body };
      expect([first.a.created, first.b.created, first.b.updated]).toEqual([true, undefined, true]);
      for (const key of ['a', 'b'] as const)
        expect((await say(key)).body).toEqual({ ...first[key], replayed: true, current: first.b.current });
    });

    it('of a replay that cannot be read says that what was asked for may stand', async () => {
      for (const { name, before, ask } of ENDPOINTS.filter(({ name }) => name !== 'heartbeat')) {
        const [id, key] = [`again-${randomUUID()}`, randomUUID()];
        await before(ledger, id);
        expect((await ask(ledger, id, key)).body).toMatchObject({ applied: true });
        const reads = loseReads(ledger, id, 'all', () => new StoreError('unavailable', 'lost'));
        mend = reads.mend;
        const { status, body, text } = await ask(ledger, id, key);
        reads.mend();
        expect({ name, status, body }).toMatchObject({
          status: 503,
          body: { type: '/problems/outcome_unknown', retry_with: key },
        });
        expect(text).not.toMatch(/nothing/);
        expect((await ask(ledger, id, key)).body).toMatchObject({ applied: true, replayed: true });
      }
    });

    it('of one of many that this program fails at is internal, and the others have theirs', async () => {
      const ids = ['a', 'b', 'c'].map((name) => `${name}-${randomUUID()}`);
      const lines = (status: string) => ids.map((execution_id) => JSON.stringify({ execution_id, status })).join('\n');
      const bulk = (path: string, text: string, type: string) =>
        ledger.call('POST', path, text, { 'content-type': type });
      const { store } = ledger.ledger.parts as unknown as { store: Methods };
      const { append } = store;
      const failing = async <T>(use: () => Promise<T>): Promise<T> => {
        mend = () => void (store['append'] = append!);
        store['append'] = async (one) => {
          if ((one as { stream: string }).stream === `execution-${ids[1]}`) throw new TypeError('a mistake');
          return append!(one);
        };
        return use().finally(mend);
      };
      const verdicts = ({ text }: Answer) =>
        text
          .split('\n')
          .filter(Boolean)
          .map((line) => (JSON.parse(line) as { verdict: string }).verdict);
      const told = await failing(() => bulk('/reports', lines('running'), 'application/x-ndjson'));
      expect(verdicts(told)).toEqual(['applied', 'internal', 'applied']);
      expect(told.text).not.toMatch(/a mistake|TypeError|\.ts/);
      await bulk('/reports', lines('running'), 'application/x-ndjson');
      const command = JSON.stringify({ execution_ids: ids });
      const cancelled = await failing(() => bulk('/bulk/cancel', command, 'application/json'));
      expect(verdicts(cancelled)).toEqual(['applied', 'internal', 'applied']);
      const alone = await failing(() => tell(ledger, ids[1]!, { status: 'failed' }));
      expect([alone.status, alone.body.type]).toEqual([500, '/problems/internal']);
    });

    it('of many says unavailable of the rest once the store is gone, and nobody asks it again', async () => {
      const root = `gone-${randomUUID()}`;
      const ids = Array.from({ length: 40 }, (_, n) => `${root}-${n}`);
      const lines = ids.map((execution_id) =>
        JSON.stringify({ execution_id, status: 'running', parent_execution_id: root }),
      );
      const many = (path: string, body: string) =>
        ledger.call('POST', path, body, {
          'content-type': path === '/reports' ? 'application/x-ndjson' : 'application/json',
        });
      await tell(ledger, root, { status: 'running' });
      const last = (await many('/reports', lines.join('\n'))).text.match(/"position":"(\d+)"/g)!.length;
      expect(last).toBe(ids.length);
      await ledger.call('GET', `/executions/${root}/tree?wait_for=${String(await ledger.ledger.parts.store.head())}`);
      const { store } = ledger.ledger.parts as unknown as { store: Methods };
      const { append } = store;
      let asked = 0;
      const gone = async (except: string, use: () => Promise<Answer>): Promise<Answer> => {
        asked = 0;
        mend = () => void (store['append'] = append!);
        store['append'] = async (one) => {
          if ((one as { stream: string }).stream === except) return append!(one);
          asked++;
          throw new StoreError('unavailable', 'gone');
        };
        return use().finally(mend);
      };
      const AT_ONCE = 8;
      const bulk = await gone('', () => many('/bulk/cancel', JSON.stringify({ execution_ids: ids })));
      expect([bulk.text.match(/"verdict":"unavailable"/g)?.length, asked]).toEqual([ids.length, expect.any(Number)]);
      expect(asked).toBeLessThanOrEqual(AT_ONCE);
      const cascade = await gone(`execution-${root}`, () =>
        ledger.call('POST', `/executions/${root}/cancel`, { cascade: true }),
      );
      expect(cascade.body.children.map(({ verdict }: { verdict: string }) => verdict)).toEqual(
        ids.map(() => 'unavailable'),
      );
      expect(asked).toBeLessThanOrEqual(AT_ONCE);
      // One execution's come in order, together; another window's are not begun.
      const big = 'x'.repeat(900_000);
      const windows = ids.slice(0, 30).map((execution_id) => JSON.stringify({ execution_id, message: big }));
      const reports = await gone('', () => many('/reports', windows.join('\n')));
      expect(reports.text.match(/"verdict":"unavailable"/g)).toHaveLength(30);
      expect(asked).toBeLessThan(15);
    });
  });
}
