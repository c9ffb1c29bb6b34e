import { readFileSync } from 'node:fs';
import { loadConfig } from '../src/config.js';
import { parseJson } from '../src/encoding/json.js';
import { Redaction } from '../src/redaction/redaction.js';
import type { Databases } from './database.js';
import type { Scale } from './load.js';
import type { Row } from './row.js';

/** The list that docs/sharing.md begins with. */
const LIST = /^REDACT='([^']*)'/m.exec(readFileSync('docs/sharing.md', 'utf8'))![1]!;

const SMALL = JSON.stringify({
  execution_id: 'bench',
  status: 'running',
  message: 'step 12 of 40: compiling src/application/handle-execution.ts',
  worker: 'worker-7.eu-central',
  progress: 30,
  data: { step: { name: 'compile', number: 12, host: 'builder-3' } },
});
const line = 'The quick brown fox jumps over the lazy dog 1234: /usr/lib/node_modules/foo.js:123. ';
const LARGE = JSON.stringify({ execution_id: 'bench', status: 'succeeded', result: { log: line.repeat(12_000) } });

/** Microseconds for each body that is read and has its secrets taken out of it. */
async function microseconds(redaction: Redaction, text: string, seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1_000;
  const began = performance.now();
  let count = 0;
  for (; performance.now() < until; count++) await redaction.body(parseJson(text));
  return ((performance.now() - began) * 1_000) / count;
}

/** What redaction costs a report, beside parsing it. */
export async function redactionRows(_: Databases, { seconds }: Scale): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [size, text] of [
    ['a report of 300 bytes', SMALL],
    ['a report of 1 MB', LARGE],
  ] as const)
    for (const [name, rules] of [
      ['parsed, REDACT off', ''],
      ['parsed, the list of docs/sharing.md', LIST],
    ] as const) {
      const redaction = new Redaction(loadConfig({ REDACT: rules }).redact);
      await microseconds(redaction, text, seconds / 5);
      const value = Number((await microseconds(redaction, text, seconds)).toFixed(1));
      rows.push({ name: `${size}: ${name}`, value, unit: 'µs' });
    }
  return rows;
}
