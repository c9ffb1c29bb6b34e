import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { moment } from '../support/ledger/handling.js';
import { usingLedger } from '../support/ledger/ledger.js';
import { goOn, stopSessions } from '../support/process/stopped.js';

const WAITING = 20;
const keys = { API_KEYS: 'flood:key-of-flood,quiet:key-of-quiet' };
const ledger = usingLedger(keys, { readerConnections: 1, readersWaiting: WAITING });
const ids = Array.from({ length: 2 * WAITING }, (_, n) => `x-${n}`);

const call = (name: string, method: string, path: string, body?: unknown) =>
  ledger.call(method, path, body, { 'x-api-key': `key-of-${name}` });

beforeAll(async () => {
  for (const execution_id of [...ids, 'quiet']) await call('flood', 'POST', '/executions', { execution_id });
});
afterEach(goOn);

it.each([
  ['another execution', 'quiet'],
  ['the same execution', ids[0]!],
])('one key that floods reads takes no other’s turn or room: %s is read next', async (_, wanted) => {
  await call('quiet', 'GET', '/executions/quiet/events'); // it is connected now
  expect(await stopSessions(ledger.database, ['readers'])).toBe(1);
  const answers: string[] = [];
  const read = async (name: string, id: string): Promise<void> => {
    const { status } = await call(name, 'GET', `/executions/${id}/events`);
    answers.push(`${name} ${status}`);
  };
  const all = ids.map((id) => read('flood', id));
  // One is under way, so many wait, and the others are refused: there is no room.
  while (answers.length < WAITING - 1) await moment();
  all.push(read('quiet', wanted));
  // One of the flood made room, or else the quiet one was refused.
  while (answers.length < WAITING) await moment();
  goOn();
  await Promise.all(all);
  expect(answers.slice(0, WAITING)).toEqual(Array.from({ length: WAITING }, () => 'flood 503'));
  // Each takes a few reads: those of the flood have been begun by then, and hardly one has its last.
  expect(answers.indexOf('quiet 200')).toBeLessThan(WAITING + WAITING / 2);
  expect(answers.slice(WAITING).sort()).toEqual([...Array.from({ length: WAITING }, () => 'flood 200'), 'quiet 200']);
});
