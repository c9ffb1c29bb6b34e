import { describe, expect, it } from '@jest/globals';
import { failureGroups } from '../../projections/failure-groups.js';
import { failurePattern } from '../../projections/failure-pattern.js';
import type { ProjectedEvent } from '../../projections/projection.js';
import { evolve } from '../../src/domain/evolve.js';
import { initial, type ExecutionState, type ExistingExecution } from '../../src/domain/execution.js';
import { at, became, fact, HOUR, MINUTE, recorded, type Fact } from '../support/domain/given.js';

/** What remains of all that these facts added and took back. */
function contributed(...facts: Fact[]): string[] {
  const sums = new Map<string, { failures: number; standing: number }>();
  let [state, ms]: [ExecutionState, number] = [initial, 0];
  for (const one of facts) {
    ms = one.at ?? ms;
    const event = recorded(one, state, at(ms));
    const after = evolve(state, event) as ExistingExecution;
    for (const { key, add } of failureGroups.contribute(state, after, {
      ...event,
      execution_id: 'x',
    } as ProjectedEvent)) {
      const name = `${String(key['minute']).slice(11, 16)} ${String(key['status'])} ${JSON.stringify(key['pattern'])}`;
      const { failures, standing } = sums.get(name) ?? { failures: 0, standing: 0 };
      sums.set(name, { failures: failures + add['failures']!, standing: standing + add['standing']! });
    }
    state = after;
  }
  return [...sums].flatMap(([name, { failures, standing }]) =>
    failures === 0 && standing === 0 ? [] : [`${name}: ${failures}, ${standing} standing`],
  );
}

const registered = fact('ExecutionRegistered', { target: 't' });
const failed = (error: string, ms = 0): Fact => ({
  ...fact('ExecutionFailed', { attempt: 1, error }),
  at: ms,
});
const resumed = fact('ExecutionResumed', { attempt: 2 }, { by: 'operator' });
const later = (one: Fact, ms: number): Fact => ({ ...one, at: ms });

describe('a failure', () => {
  it.each<[string, Fact[], string[]]>([
    ['is none while it is open', [registered, became('running')], []],
    ['is no success', [registered, became('succeeded')], []],
    [
      'counts in its minute',
      [registered, failed('disk 7 full', HOUR + MINUTE)],
      ['01:01 failed "disk <n> full": 1, 1 standing'],
    ],
    ['may say nothing', [registered, became('timeout', 'watchdog')], ['00:00 timeout "": 1, 1 standing']],
    [
      'happened, and stands no more, when it is resumed',
      [registered, failed('no disk'), resumed],
      ['00:00 failed "no disk": 1, 0 standing'],
    ],
    [
      'happened, though the next attempt succeeds',
      [registered, failed('no disk'), resumed, later(fact('ExecutionSucceeded', { attempt: 2 }), HOUR)],
      ['00:00 failed "no disk": 1, 0 standing'],
    ],
    ['that was a guess is replaced', [registered, became('timeout', 'watchdog'), became('succeeded')], []],
    ['is taken out by a cancel', [registered, failed('no disk'), became('cancelled', 'operator')], []],
  ])('%s', (_name, facts, expected) => expect(contributed(...facts)).toEqual(expected));
});

describe('the pattern of an error', () => {
  it.each([
    ['connection refused by host-12345:5432 after 3.5 s', 'connection refused by host-<n> after <n> s'],
    ['no such file: "/tmp/x 1"', 'no such file: <text>'],
    ["can't open 'a b.txt': it isn't there", "can't open <text>: it isn't there"],
    ['ENOENT: open /var/lib/x-1/y.json and/or C:\\work\\z', 'ENOENT: open <path> and/or <path>'],
    ['GET https://api.example.com/v1/x?id=7 answered 503', 'GET <url> answered <n>'],
    ['run 019127de-fd25-7707-bfa4-3ec02693a531 is gone', 'run <id> is gone'],
    ['commit 9f2c1e0a at 0xDEAD', 'commit <id> at <id>'],
    ['job_x7f9k2m4 was defaced', '<id> was defaced'],
    ['out  of\n memory', 'out of memory'],
    ['Traceback (most recent call last):\n  File "x.py", line 7\nKeyError: \'a\'\n', 'KeyError: <text>'],
    [`Traceback (most recent call last):\n  x\nHTTPError: 503 ${'y'.repeat(500)}`, `HTTPError: <n> ${'y'.repeat(95)}`],
    ['\ud800\u0007', '\ufffd\ufffd'],
    ['', ''],
  ])('%j is %j', (error, pattern) => expect(failurePattern(error)).toBe(pattern));

  it('is short, and soon found, whatever the error', () => {
    for (const one of ['1', 'a1', '/', '"', "'", '`', '\\', ' ', '-', 'http://', '\ud800', '<', '_1a'])
      for (const error of [one.repeat(1_000_000), `${one.repeat(399)}x`]) {
        const begun = process.cpuUsage().user;
        expect(failurePattern(error).length).toBeLessThanOrEqual(110);
        expect(process.cpuUsage().user - begun).toBeLessThan(500_000);
      }
  });
});
