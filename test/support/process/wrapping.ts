import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { usingLedger, type TestLedger } from '../ledger/ledger.js';
import { wrapped, type ProcessExit, type ProgramRun } from './wrapped.js';

/** A ledger, and a way to run programs that are reported to it. */
export interface Wrapping extends Pick<TestLedger, 'url' | 'call'> {
  /** Where reports are kept. */
  readonly state: string;
  /** `execution-ledger run`, with these arguments. */
  start(args: readonly string[], env?: NodeJS.ProcessEnv, input?: Buffer | string): ProgramRun;
  run(args: readonly string[], env?: NodeJS.ProcessEnv, input?: Buffer | string): Promise<ProcessExit>;
  /** An execution as the ledger has it. */
  // The wire is what is under test: its shapes are asserted, not assumed.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  show(id: string): Promise<any>;
}

/** For the tests of the enclosing block. */
export function usingWrapping(env: Record<string, string> = {}): Wrapping {
  const ledger = usingLedger(env);
  let state: string;
  beforeAll(async () => void (state = await mkdtemp(join(tmpdir(), 'state-'))));
  afterAll(() => rm(state, { recursive: true, force: true }));
  const start: Wrapping['start'] = (args, more, input) =>
    wrapped({ LEDGER_URL: ledger.url, LEDGER_STATE_DIR: state, ...more }, ['run', ...args], input);
  return {
    get url() {
      return ledger.url;
    },
    get state() {
      return state;
    },
    call: ledger.call,
    start,
    run: (...asked) => start(...asked).ended,
    show: async (id) => (await ledger.call('GET', `/executions/${id}`)).body,
  };
}
