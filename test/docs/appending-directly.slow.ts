import { afterAll, beforeAll, expect, it } from '@jest/globals';
import * as eventstoredb from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as zlib from 'node:zlib';
import { parseJson } from '../../src/encoding/json.js';
import { openEventStoreDb, startOnEventStoreDb } from '../support/ledger/eventstoredb-ledger.js';
import type { TestLedger } from '../support/ledger/ledger.js';

const PAGE = readFileSync(new URL('../../docs/appending-directly.md', import.meta.url), 'utf8');
/** The page's pieces in order: code to run, and what an endpoint answers then. */
const PIECE = /```js\n(?<code>.*?)```|`(?<method>GET|POST) (?<path>\S+)`[^\n]*\n+```json\n(?<shown>.*?)```/gs;

let server: Awaited<ReturnType<typeof openEventStoreDb>>;
let ledger: TestLedger;
beforeAll(async () => {
  server = await openEventStoreDb();
  ledger = await startOnEventStoreDb(server.url, { BODY_LIMIT: '4 MiB' });
}, 30_000);
afterAll(async () => {
  await ledger.close();
  await server.stop();
});

/** The page's code as one function, which stops before every answer to have it looked at. */
function program(look: (method: string, path: string, shown: string) => Promise<void>): () => Promise<void> {
  const looks: (() => Promise<void>)[] = [];
  const run = randomUUID().slice(0, 8);
  // The page's streams stand on a real server since its last run.
  const own = PAGE.replaceAll(/(mail|etl|late|twice|jobs|serial|story)-1\b/g, `$1-${run}`)
    .replaceAll('esdb://127.0.0.1:2113?tls=false', server.url)
    .replaceAll('http://127.0.0.1:8080', ledger.url);
  const source = [...own.matchAll(PIECE)].map(({ groups }) => {
    if (groups!['code'] !== undefined) return groups!['code'].replaceAll(/^import .*$/gm, '');
    looks.push(() => look(groups!['method']!, groups!['path']!, groups!['shown']!));
    return `await looks[${looks.length - 1}]();`;
  });
  const imported = { ...eventstoredb, inflateSync: zlib.inflateSync };
  const names = [...PAGE.matchAll(/^import \{ (.*) \} from/gm)].flatMap(([, list]) => list!.split(', '));
  const body = `const { ${names.join()} } = imported; return async () => { ${source.join('\n')} };`;
  expect(looks.length).toBeGreaterThan(9);
  return new Function('imported', 'looks', body)(imported, looks);
}

it('docs/appending-directly.md does what it says', async () => {
  const run = program(async (method, path, shown) => {
    const { status, text } = await ledger.call(method, path);
    const expected = parseJson(shown) as Record<string, unknown>;
    expect(parseJson(text)).toMatchObject(expected);
    expect(status).toBe(typeof expected['status'] === 'number' ? expected['status'] : 200);
  });
  await run();
}, 30_000);
