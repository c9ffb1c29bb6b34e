import { afterAll, beforeAll } from '@jest/globals';
import { caller } from '../support/ledger/caller.js';
import { startProgram, type Program } from '../support/process/program.js';
import { startServer, type TestServer } from '../support/store/server.js';
import { describeFuzz } from './suite/fuzz.js';

const REQUESTS = 100_000;

/** The same requests each time, so that a change fails for what it did itself; others by another seed. */
const seed = Number(process.env['FUZZ_SEED'] ?? 20_000);

/** In a process of its own: what the sender computes meanwhile keeps no answer waiting. */
let server: TestServer;
let program: Program;
let url: string;
beforeAll(async () => {
  server = await startServer([]); // with fsync: the program takes no other
  program = startProgram({ DATABASE_URL: server.url('postgres'), LOG_LEVEL: 'error' });
  url = await program.url;
}, 60_000);
afterAll(async () => {
  program.child.kill('SIGTERM');
  await program.end;
  await server.stop();
}, 60_000);

describeFuzz(
  {
    get url() {
      return url;
    },
    call: (...asked) => caller(url)(...asked),
  },
  REQUESTS,
  seed,
  1_200_000,
);
