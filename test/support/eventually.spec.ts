import { expect, it } from '@jest/globals';
import { eventually, giveUpWaiting } from './eventually.js';

it('a wait ends with the first answer for which its condition holds', async () => {
  let asked = 0;
  await expect(
    eventually(
      () => ++asked,
      (answer) => answer === 3,
    ),
  ).resolves.toBe(3);
  expect(giveUpWaiting()).toBe('');
});

it('a test whose time is over says what it waited for and the last answer, and nothing asks on', async () => {
  let asked = 0;
  const answers = [{ status: 'queued' }, { status: 'running' }];
  const waiting = eventually(
    () => answers[Math.min(asked++, 1)]!,
    ({ status }) => status === 'succeeded',
  );
  const refused = expect(waiting).rejects.toThrow(
    /status === 'succeeded'.* the last answer was \{ status: 'running' \}/,
  );
  await eventually(
    () => asked,
    (times) => times > 2,
  );
  expect(giveUpWaiting()).toMatch(/status === 'succeeded'.* the last answer was \{ status: 'running' \}/);
  await refused;
  const before = asked;
  await eventually(Date.now, (now, from = now) => now >= from);
  expect(asked).toBe(before);
});
