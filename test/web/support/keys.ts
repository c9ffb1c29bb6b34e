import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

/** A file of API keys, a line for each, for the tests of a file; it is the place of what `API_KEYS` cannot say. */
export function keysFile(...lines: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-keys-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'keys');
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}
