import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { readCertificate } from '../../src/composition/tls.js';
import { eventually } from '../support/eventually.js';
import { startTestLedger, type TestLedger } from '../support/ledger/ledger.js';
import { selfSigned } from '../eventstoredb-server/certificate.js';

const [first, second] = [selfSigned(), selfSigned()];
let folder: string;
let ledger: TestLedger;
const files = () => ({ cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') });
const write = ({ cert, key }: { cert?: string; key?: string }): void => {
  if (cert !== undefined) writeFileSync(files().cert, cert);
  if (key !== undefined) writeFileSync(files().key, key);
};

interface Answered {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly cert: string;
}
/** Over a connection of its own: a certificate is shown once per connection. */
const ask = (ca: string): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const asked = request(`${ledger.url}/api/v1/executions`, { ca, agent: false }, (response) => {
      const { raw } = (response.socket as TLSSocket).getPeerCertificate();
      response
        .resume()
        .once('end', () =>
          resolve({ status: response.statusCode, headers: response.headers, cert: raw.toString('base64') }),
        );
    });
    asked.once('error', reject).end();
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-tls-'));
  write(first);
  ledger = await startTestLedger({ TLS_CERT_FILE: files().cert, TLS_KEY_FILE: files().key });
}, 30_000);
afterAll(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true });
}, 30_000);

it('speaks TLS itself, and takes a new certificate without a restart once it fits its key', async () => {
  expect(ledger.url).toMatch(/^https:/);
  const before = await ask(first.cert);
  expect(before).toMatchObject({
    status: 200,
    headers: { 'strict-transport-security': expect.stringContaining('max-age=') },
  });
  write({ cert: second.cert }); // and not its key yet: nobody may meet a pair that does not fit
  await expect(ask(first.cert)).resolves.toMatchObject({ status: 200, cert: before.cert });
  write(second);
  const after = await eventually(
    () => ask(second.cert).catch(() => undefined),
    (answer) => answer !== undefined,
  );
  expect(after).toMatchObject({ status: 200 });
  expect(after!.cert).not.toBe(before.cert);
}, 20_000);

it.each([
  ['a file that is not there', { cert: '/nowhere/cert.pem', key: '/nowhere/key.pem' }, 'ENOENT'],
  ['a certificate and the key of another', undefined, 'ERR_OSSL_X509_KEY_VALUES_MISMATCH'],
])('%s stops the start, and says what would be right', (_what, given, code) => {
  const pair = given ?? { cert: join(folder, 'a.pem'), key: join(folder, 'b.pem') };
  if (!given) {
    writeFileSync(pair.cert, first.cert);
    writeFileSync(pair.key, second.key);
  }
  expect(() => readCertificate(pair)).toThrow(`cannot be used (${code}); expected the paths of a certificate chain`);
});
