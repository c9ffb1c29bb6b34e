#!/usr/bin/env node
// Checked in, so that npm and npx find a program that may be run before the first build and after every other.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = new URL('../dist/src/command-line.js', import.meta.url);
if (existsSync(program)) {
  // The data of `npm start` lies beside the program, whatever folder this is called from. What `run` runs inherits the
  // environment: it would find a folder there that nobody set.
  if (process.argv[2] !== 'run' && !existsSync('.ledger')) process.env.LEDGER_DATA_DIR ??= path.join(root, '.ledger');
  await import(program.href);
} else {
  process.stderr.write(`execution-ledger: it is not built yet; run: npm --prefix ${JSON.stringify(root)} run build\n`);
  process.exitCode = 1;
}
