import { setTimeout as pause } from 'node:timers/promises';
import { addEventHandler, getState } from 'jest-circus';
import { giveUpWaiting } from '../eventually.js';

/*
 * The runner runs the tests in bare Node.js, one process for many files: modules are loaded once, and behave as they do in the
 * product. What it leaves out of Jest stands here: limits of time, errors that nobody catches, and a failed beforeAll.
 */

process.setSourceMapsEnabled(true);
process.once('disconnect', () => process.exit()); // whatever a test has left open

/** What a test or a hook has, where neither it nor its file says otherwise. */
const USUAL_LIMIT_MS = Number(process.env['LEDGER_TEST_LIMIT_MS'] ?? 20_000);

/** The limits of files that have one of their own, by their outermost block. */
const limits = new WeakMap<object, number>();
Object.assign(jest, { setTimeout: (ms: number) => void limits.set(getState().rootDescribeBlock, ms) });

/** Errors that nobody caught: they fail the test that runs, for they would end the process, and the run with it. */
const uncaught = new Map<unknown, unknown>();
process.on('unhandledRejection', (error, promise) => void uncaught.set(promise, error));
process.on('rejectionHandled', (promise) => void uncaught.delete(promise)); // a test may look at it later
process.on('uncaughtException', (error) => void uncaught.set(error, error));

type Step = () => unknown;

/** Fails after its time: a step that never ends would hold the run for ever. */
async function within(limitMs: number, step: Step): Promise<void> {
  const done = new AbortController();
  const late = pause(limitMs, undefined, { signal: done.signal }).then(() => {
    throw new Error(`Not done after ${limitMs / 1000} s.\n${giveUpWaiting()}`.trimEnd());
  });
  await Promise.race([Promise.resolve().then(step), late]).finally(() => {
    done.abort();
    late.catch(() => undefined);
  });
  const [first] = uncaught.values();
  uncaught.clear();
  if (first !== undefined) throw first;
}

interface Block {
  readonly parent?: Block;
}

/** Blocks whose beforeAll failed: their tests would wait, one after the other, for what is not there. */
const unprepared = new WeakSet<Block>();

function isUnprepared(block: Block | undefined): boolean {
  return block !== undefined && (unprepared.has(block) || isUnprepared(block.parent));
}

addEventHandler((event, { currentDescribeBlock: block, rootDescribeBlock }) => {
  if (event.name !== 'add_test' && event.name !== 'add_hook') return;
  const added = (event.name === 'add_test' ? block.tests : block.hooks).at(-1) as { fn?: Step } | undefined;
  const step = added?.fn;
  if (step === undefined) return; // a test that is left out has none
  const limitMs = event.timeout ?? limits.get(rootDescribeBlock) ?? USUAL_LIMIT_MS;
  const [isTest, prepares] = [event.name === 'add_test', event.name === 'add_hook' && event.hookType === 'beforeAll'];
  added!.fn = async () => {
    if (isTest && isUnprepared(block)) throw new Error('A beforeAll of this test failed.');
    await within(limitMs, step).catch((error: unknown) => {
      if (prepares) unprepared.add(block);
      throw error;
    });
  };
});
