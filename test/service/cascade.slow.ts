import { expect, it } from '@jest/globals';
import { lines } from '../http/suite/http.js';
import { usingLedger } from '../support/ledger/ledger.js';
import { registerMany } from '../support/store/registered.js';

/** As many as a cascade reaches (docs/operations.md), and how many there are more. */
const REACHED = 10_000;
const MORE = 500;

const ledger = usingLedger();

interface Child {
  readonly execution_id: string;
  readonly cancelled: boolean;
}
const id = (n: number): string => `child-${String(n).padStart(5, '0')}`;
const cancelledNow = async (): Promise<number> =>
  (await ledger.call('GET', '/status-counts?wait_ms=30000&wait_for=' + (await head()))).body.counts.cancelled ?? 0;
const head = async (): Promise<string> => (await ledger.call('GET', '/events?limit=1')).body.head_position;
const cancel = () => ledger.call('POST', '/executions/root/cancel', { cascade: true, command_id: 'c' });

it('a cascade reaches 10,000, tells of each, says that there are more, and leaves them for a bulk by their parent', async () => {
  const data = { run_id: 'run', parent_execution_id: 'root' };
  const children = Array.from({ length: REACHED + MORE }, (_, n) => ({ id: id(n), data }));
  await registerMany(ledger.ledger.parts.store, [{ id: 'root', data: { run_id: 'run' } }, ...children]);
  const { status } = await ledger.call('GET', `/executions/root/tree?wait_ms=30000&wait_for=${await head()}`);
  expect(status).toBe(200);

  const { body } = await cancel();
  expect(body).toMatchObject({ verdict: 'applied', cancelled: true, children_omitted: 'number' });
  const reached = body.children as Child[];
  expect(reached).toHaveLength(REACHED);
  expect(new Set(reached.map(({ execution_id }) => execution_id)).size).toBe(REACHED);
  expect(new Set(reached.map(({ cancelled }) => cancelled))).toEqual(new Set([true]));
  // What its answer says is what is so: these and no others.
  expect(await cancelledNow()).toBe(1 + REACHED);

  const again = await cancel();
  expect(again.body.children_omitted).toBe('number');
  expect(again.body.children).toEqual(reached.map((child) => ({ ...child, replayed: true })));
  expect(await cancelledNow()).toBe(1 + REACHED);

  const filter = { parent_execution_id: 'root', cancellable: true };
  const rest = lines((await ledger.call('POST', '/bulk/cancel', { filter })).text) as Child[];
  expect(rest.map(({ cancelled }) => cancelled)).toEqual(Array<boolean>(MORE).fill(true));
  const told = [...reached, ...rest].map(({ execution_id }) => execution_id);
  expect(new Set(told)).toEqual(new Set(children.map(({ id }) => id)));
  expect(await cancelledNow()).toBe(1 + REACHED + MORE);
}, 900_000);
