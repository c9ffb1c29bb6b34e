import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ExecutionFeed } from '../../src/application/reading/execution-feed.js';
import type { Change, Subscriber } from '../../src/application/reading/subscriber.js';
import type { ReadModel } from '../../src/read-model/read-model.js';
import { fact } from '../support/domain/given.js';
import { openProjection, tell, type ProjectedLedger } from '../support/projection/projection.js';
import { idle, moment } from '../support/ledger/handling.js';
import { runtimeWith } from '../support/ledger/runtime.js';

const RUNTIME = runtimeWith({ staleAfterMs: 1_000 });
const EXECUTIONS = 40;
/** Fewer than the feed keeps pages of. */
const PLACES = 10;
const CALLERS = 600;

let ledger: ProjectedLedger;
beforeAll(async () => {
  ledger = await openProjection();
  for (let n = 0; n < EXECUTIONS; n++) await tell(ledger, `x-${n}`, fact('ExecutionRegistered'));
  await ledger.project();
});
afterAll(() => ledger.close());

/** A caller that takes nothing until it is told to. */
class SlowCaller implements Subscriber {
  readonly seen: bigint[] = [];
  waiting = 0;
  private take: (() => void)[] = [];
  send(changes: readonly Change[]): void {
    this.seen.push(...changes.map(({ position }) => position));
    this.waiting = changes.length;
  }
  drained(): Promise<void> {
    if (this.waiting === 0) return Promise.resolve();
    return new Promise((resolve) => this.take.push(resolve));
  }
  read(): void {
    this.waiting = 0;
    for (const resolve of this.take.splice(0)) resolve();
  }
  end(): void {}
}

it('of thousands of subscribers that come back at once and read slowly, few hold pages of their own in memory, and each is sent everything', async () => {
  const asked = new Set<bigint>();
  const readModel: Pick<ReadModel, 'changed' | 'checkpoint' | 'waitFor'> = {
    checkpoint: () => ledger.readModel.checkpoint(),
    waitFor: (...wanted) => ledger.readModel.waitFor(...wanted),
    changed: async (request) => {
      const found = await ledger.readModel.changed(request);
      asked.add(request.after);
      return found;
    },
  };
  const feed = new ExecutionFeed(ledger.store, readModel, RUNTIME);
  const callers = Array.from({ length: CALLERS }, () => new SlowCaller());
  const done = callers.map((caller, n) => feed.subscribe(caller, BigInt(n % PLACES), () => undefined));
  const holding = (): number => callers.filter(({ waiting }) => waiting > 0).length;
  // Each page that callers came back for was read: who may have one has it.
  while (callers.some((_, n) => !asked.has(BigInt(n % PLACES)))) await moment();
  for (let n = 0; n < 20; n++) await idle();
  expect(holding()).toBe(128);
  for (let over = false; !over;) {
    for (const caller of callers) caller.read();
    over = await Promise.race([Promise.all(done).then(() => true), idle().then(() => false)]);
    expect(holding()).toBeLessThanOrEqual(128);
  }
  for (const [n, { seen }] of callers.entries())
    expect(seen).toEqual(Array.from({ length: EXECUTIONS - (n % PLACES) }, (_, k) => BigInt((n % PLACES) + k + 1)));
  for (const caller of callers) feed.leave(caller);
  feed.close();
});
