import { afterAll, beforeEach, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import fastify from 'fastify';
import { Registry } from 'prom-client';
import { digestOf } from '../../src/api-keys/api-key.js';
import { KeyRing } from '../../src/api-keys/key-ring.js';
import { Sessions } from '../../src/api-keys/sessions.js';
import { registerAccess } from '../../src/http/access.js';
import { Denials } from '../../src/http/denials.js';

let lines: object[];
let now = 0;
const quiet = (): void => undefined;
const logger = { log: quiet, error: quiet, debug: quiet, verbose: quiet, warn: (line: object) => lines.push(line) };
Logger.overrideLogger(logger);
afterAll(() => Logger.overrideLogger(false));
beforeEach(() => void (lines = []));

const server = fastify();
const denials = new Denials(new Registry(), () => now);
const reader = { name: 'reader', digest: digestOf('key-of-reader'), scopes: ['read'] as const };
const keys = new KeyRing([reader]);
registerAccess(server, { keys, sessions: new Sessions(keys, Buffer.alloc(32)) }, denials);
denials.observe(server);
server.route({
  method: 'GET',
  url: '/api/v1/:secret',
  config: { scope: 'command', reach: 'everything' },
  handler: () => ({}),
});
const ask = (key?: string) =>
  server.inject({
    url: '/api/v1/secret-in-the-path',
    headers: key === undefined ? {} : { 'x-api-key': key },
    remoteAddress: '192.0.2.4',
  });

it('whoever is turned away is told of once a minute, by name or address, with how many there were, and never with the key', async () => {
  const route = { event: 'http.request_denied', method: 'GET', route: '/api/v1/:secret' };
  for (let n = 0; n < 3; n++) {
    await ask();
    await ask('key-of-nobody');
    await ask('key-of-reader');
    now += 10_000;
  }
  const told = [
    { ...route, reason: 'no_key', address: '192.0.2.4' },
    { ...route, reason: 'unknown_key', address: '192.0.2.4' },
    { ...route, reason: 'scope', key: 'reader' },
  ];
  expect(lines).toEqual(told);
  now += 30_000;
  await ask('key-of-reader');
  expect(lines.slice(3)).toEqual([{ ...told[2], untold: 2 }]);
  expect(JSON.stringify(lines)).not.toMatch(/key-of|secret-in/);
});
