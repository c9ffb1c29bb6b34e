import { expect, it } from '@jest/globals';
import { Starts } from '../../src/http/starts.js';
import { idle } from '../support/ledger/handling.js';

const PER_TURN = 4;

it('of requests that come at once few begin in a turn of the event loop, and the next key’s begin in the next turn', async () => {
  const starts = new Starts();
  const begun: string[] = [];
  const ask = (one: string): void => starts.begin(one[0]!, () => begun.push(one));
  for (let n = 0; n < 100; n++) ask(`flood ${n}`);
  ask('quiet');
  ask('other');
  expect(begun).toEqual(['flood 0', 'flood 1', 'flood 2', 'flood 3']);
  await idle();
  expect(begun.slice(PER_TURN)).toEqual(['flood 4', 'quiet', 'other', 'flood 5']);
  for (let turns = 3; begun.length < 102; turns++) {
    await idle();
    expect(begun.length).toBeLessThanOrEqual(turns * PER_TURN);
  }
  expect(begun.filter((one) => one.startsWith('flood'))).toEqual(Array.from({ length: 100 }, (_, n) => `flood ${n}`));
});

it('a name that has asked alone for a second begins more at once, until another asks', async () => {
  let now = 0;
  const starts = new Starts(() => now);
  const begun: string[] = [];
  const ask = (one: string): void => starts.begin(one[0]!, () => begun.push(one));
  ask('flood');
  now = 1_001;
  await idle();
  for (let n = 0; n < 100; n++) ask(`flood ${n}`);
  expect(begun).toHaveLength(1 + 64);
  ask('quiet');
  await idle();
  expect(begun.slice(1 + 64)).toEqual(['flood 64', 'quiet', 'flood 65', 'flood 66']);
});

it('whoever comes while nobody waits begins at once, turn after turn', async () => {
  const starts = new Starts();
  let begun = 0;
  for (let turns = 1; turns <= 20; turns++) {
    starts.begin('one', () => begun++);
    expect(begun).toBe(turns);
    if (turns % 3 > 0) await idle();
  }
});

it('what begins may have others begin', async () => {
  const starts = new Starts();
  const begun: number[] = [];
  const ask = (n: number): void =>
    starts.begin('one', () => {
      begun.push(n);
      if (n < 50) ask(n + 1);
    });
  ask(0);
  expect(begun).toHaveLength(PER_TURN);
  while (begun.length < 51) await idle();
});
