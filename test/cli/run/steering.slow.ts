import { expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { usingWrapping } from '../../support/process/wrapping.js';

const at = usingWrapping();
const STUBBORN = 'trap "" TERM; echo ready; while :; do sleep 0.1; done';
const options = (id: string, ...more: string[]): string[] => [
  '--id',
  id,
  '--heartbeat',
  '1s',
  '--grace',
  '1s',
  ...more,
];

const runs = (id: string) =>
  eventually(
    () => at.show(id),
    ({ status }) => status === 'running',
  );

it('cancelled by somebody else a program is asked to end, then killed, and the last line says who it was', async () => {
  const { said, ended } = at.start([...options('stubborn'), '--', 'sh', '-c', STUBBORN]);
  await said('ready');
  await runs('stubborn');
  await at.call('POST', '/executions/stubborn/cancel', { reason: 'not needed' }, { 'x-actor-id': 'Ada' });
  const { code, err } = await ended;
  expect(code).toBe(137);
  expect(err.toString().trimEnd().split('\n').at(-1)).toBe(
    'execution-ledger: stubborn: it was cancelled by anonymous for Ada: not needed',
  );
  expect(await at.show('stubborn')).toMatchObject({ status: 'cancelled', authority: 'operator', refused_count: 0 });
}, 30_000);

it('cancelled, a program that ends when it is asked to is not killed, and its exit status is passed on', async () => {
  const script = 'trap "echo tidied up; exit 9" TERM; echo ready; while :; do sleep 0.1; done';
  const { said, ended } = at.start([...options('tidy', '--grace', '20s'), '--', 'sh', '-c', script]);
  await said('ready');
  await at.call('POST', '/executions/tidy/cancel');
  const { code, out } = await ended;
  expect([code, out.toString()]).toEqual([9, 'ready\ntidied up\n']);
}, 30_000);

it('replaced by a newer attempt it is ended, and the newer one is not disturbed', async () => {
  const { said, ended } = at.start([...options('fenced'), '--', 'sh', '-c', STUBBORN]);
  await said('ready');
  await runs('fenced');
  await at.call('POST', '/executions/fenced/pause');
  expect((await at.call('POST', '/executions/fenced/resume', { new_attempt: true })).body.report_as).toBe('fenced~2');
  const { code, err } = await ended;
  expect([code, err.toString()]).toEqual([137, 'execution-ledger: fenced: attempt 2 has replaced it\n']);
  expect(await at.show('fenced')).toMatchObject({ attempt: 2, awaiting_worker: true, refused_count: 0 });
}, 30_000);

it('one that runs longer than it may is ended, and has timed out', async () => {
  const { code, err } = await at.run([...options('long', '--timeout', '1s'), '--', 'sh', '-c', STUBBORN]);
  expect([code, err.toString()]).toEqual([137, 'execution-ledger: long: it ran longer than 1 s\n']);
  const shown = await at.show('long');
  expect(shown).toMatchObject({ status: 'timeout', authority: 'worker', error_status_code: 137 });
  expect(shown.error).toBe('it ran longer than 1 s');
}, 30_000);

it('one that the ledger times out is ended as well', async () => {
  await at.call('POST', '/executions', { execution_id: 'due', timeout_ms: 1_500 });
  const { code, err } = await at.run([...options('due'), '--', 'sleep', '60']);
  expect([code, err.toString()]).toEqual([143, 'execution-ledger: due: the ledger timed it out\n']);
  expect(await at.show('due')).toMatchObject({ status: 'timeout', authority: 'worker' });
}, 30_000);

it('what is cancelled before it starts is not started', async () => {
  await at.call('POST', '/executions', { execution_id: 'never' });
  await at.call('POST', '/executions/never/cancel');
  const { code, out, err } = await at.run([...options('never'), '--', 'echo', 'started']);
  expect([code, out.toString(), err.toString()]).toEqual([
    125,
    '',
    'execution-ledger: never: not started: the ledger has it as cancelled, in attempt 1\n',
  ]);
}, 30_000);

it('what a program reports of itself stands: it is not ended for it', async () => {
  const report = `curl -s -o /dev/null -X POST "$LEDGER_URL/api/v1/workflow/executions/events" \
    -H 'content-type: application/json' -d "{\\"execution_id\\":\\"$EXECUTION_REPORT_AS\\",\\"status\\":\\"succeeded\\",\\"result\\":7}"`;
  const { code, err } = await at.run([...options('itself'), '--', 'sh', '-c', `${report}; sleep 2.5`]);
  expect([code, err.toString()]).toEqual([0, '']);
  expect(await at.show('itself')).toMatchObject({ status: 'succeeded', result: 7, attempt: 1 });
}, 30_000);
