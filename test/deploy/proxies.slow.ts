import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { textOf } from '../support/process/checkout.js';
import { startTestLedger, type TestLedger } from '../support/ledger/ledger.js';
import { freePort } from '../support/store/server.js';

jest.setTimeout(120_000);

const KEY = 'k'.repeat(48);
const headers = { authorization: `Bearer ${KEY}` };

/** A proxy, and how its file in docs/deploy/ becomes one of the test's: plain HTTP, another port, files in one folder. */
interface Proxy {
  readonly file: string;
  configure(text: string, port: number, folder: string): string;
  start(file: string, folder: string): [command: string, ...args: string[]];
}

const PROXIES: Record<string, Proxy> = {
  nginx: {
    file: 'docs/deploy/nginx.conf',
    configure: (text, port, folder) =>
      `user root; daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log; events {} http { access_log off;
       ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ')}
       ${text.replace(/listen 443 ssl;/, `listen 127.0.0.1:${port};`).replaceAll(/^\s*ssl_.*$/gm, '')} }`,
    start: (file, folder) => ['nginx', '-p', folder, '-e', `${folder}/error.log`, '-c', file],
  },
  caddy: {
    file: 'docs/deploy/Caddyfile',
    configure: (text, port) =>
      `{\n admin off\n}\n${text.replace('ledger.example.com {', `http://ledger.example.com:${port} {`)}`,
    start: (file) => ['caddy', 'run', '--config', file, '--adapter', 'caddyfile'],
  },
};

const isThere = (program: string): boolean => spawnSync('which', [program]).status === 0;

describe.each(Object.keys(PROXIES))('%s', (name) => {
  const there = isThere(name);
  const behind = there ? it : it.skip;
  const said = there ? '' : ` (NOT RUN: ${name} is not installed)`;
  let ledger: TestLedger;
  let folder: string;
  let port: number;
  let proxy: ChildProcess;

  /** Asks through the proxy; the path goes out as it is. */
  const ask = (
    method: string,
    target: string,
    body?: string | Buffer,
    type = 'application/json',
  ): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const host = { host: 'ledger.example.com' };
      const asked = request(
        { port, host: '127.0.0.1', method, path: target, headers: { ...headers, ...host, 'content-type': type } },
        resolve,
      );
      asked.once('error', reject);
      asked.end(body);
    });
  const bodyOf = async (answer: IncomingMessage): Promise<string> => {
    let text = '';
    for await (const part of answer.setEncoding('utf8')) text += part as string;
    return text;
  };
  const answerTo = async (...asked: Parameters<typeof ask>) => {
    const answer = await ask(...asked);
    return { status: answer.statusCode, body: JSON.parse(await bodyOf(answer)) as Record<string, unknown> };
  };
  const report = (id: string, status: string) =>
    answerTo('POST', '/api/v1/workflow/executions/events', JSON.stringify({ execution_id: id, status }));

  beforeAll(async () => {
    if (!there) return;
    const { file, configure, start } = PROXIES[name]!;
    ledger = await startTestLedger({ API_KEYS: `ops:${KEY}`, TRUST_PROXY: 'loopback' });
    [folder, port] = [await mkdtemp(path.join(tmpdir(), `ledger-${name}-`)), await freePort()];
    const text = (await textOf(file)).replaceAll('127.0.0.1:8080', new URL(ledger.url).host);
    const own = path.join(folder, 'conf');
    await mkdir(path.join(folder, 'home'));
    await writeFile(own, configure(text, port, folder));
    const [command, ...args] = start(own, folder);
    proxy = spawn(command, args, { stdio: 'ignore', env: { PATH: process.env['PATH'], HOME: `${folder}/home` } });
    while (proxy.exitCode === null && (await ask('GET', '/health/live').catch(() => undefined)) === undefined)
      await pause(50);
  });
  afterAll(async () => {
    if (!there) return;
    proxy.kill('SIGTERM');
    if (proxy.exitCode === null) await new Promise((resolve) => proxy.once('close', resolve));
    await ledger.close();
    await rm(folder, { recursive: true });
  });

  behind(`leaves %2F in an id as it is${said}`, async () => {
    await report('a/b c', 'running');
    expect(await answerTo('GET', '/api/v1/executions/a%2Fb%20c')).toMatchObject({
      status: 200,
      body: { execution_id: 'a/b c' },
    });
  });

  behind(`passes a body of almost 64 MiB on to the reports${said}`, async () => {
    const line = `${JSON.stringify({ execution_id: 'big', status: 'running', message: 'x'.repeat(900_000) })}\n`;
    const lines = Buffer.from(line.repeat(Math.floor((64 * 2 ** 20) / line.length)));
    const answer = await ask('POST', '/api/v1/reports', lines, 'application/x-ndjson');
    expect([answer.statusCode, (await bodyOf(answer)).slice(0, 200)]).toEqual([
      200,
      expect.stringContaining('"applied"'),
    ]);
  });

  behind(`passes on a long poll that is held for 30 s${said}`, async () => {
    await report('held', 'running');
    const at = performance.now();
    const { status } = await answerTo('GET', '/api/v1/executions/held/events?from_revision=9&wait_ms=30000');
    expect([status, performance.now() - at > 29_000]).toEqual([200, true]);
  });

  behind(`passes on each server-sent event when it comes, also after silence${said}`, async () => {
    const stream = await ask('GET', '/api/v1/stream');
    let heard = '';
    stream.setEncoding('utf8').on('data', (part: string) => (heard += part));
    await pause(45_000); // longer than the proxy waits for an answer
    const at = performance.now();
    await report('streamed', 'running');
    while (!heard.includes('"streamed"') && performance.now() - at < 10_000) await pause(10);
    expect(heard).toContain('"streamed"');
    expect(stream.complete).toBe(false);
    stream.destroy();
  });
});
