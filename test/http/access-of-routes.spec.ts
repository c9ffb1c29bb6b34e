import { expect, it } from '@jest/globals';
import fastify from 'fastify';
import { Registry } from 'prom-client';
import { KeyRing } from '../../src/api-keys/key-ring.js';
import { Sessions } from '../../src/api-keys/sessions.js';
import { Denials } from '../../src/http/denials.js';
import { registerAccess } from '../../src/http/access.js';

const route = (url: string, config: object) => {
  const server = fastify();
  const keys = new KeyRing([]);
  registerAccess(server, { keys, sessions: new Sessions(keys, Buffer.alloc(32)) }, new Denials(new Registry()));
  return () => server.route({ method: 'GET', url, config, handler: () => ({}) });
};

it.each([
  ['/api/v1/new', {}, 'who may come in'],
  ['/api/v1/new', { scope: 'public' }, 'who may come in'],
  ['/api/v1/new', { scope: 'read' }, 'what a confined key may reach'],
  ['/api/v1/executions/:name/new', { scope: 'read' }, 'what a confined key may reach'],
  ['/new', { scope: 'read' }, 'what a confined key may reach'],
])('an endpoint that forgets to say it stops the start: %s %j', (url, config, missing) => {
  expect(route(url, config)).toThrow(`${url} does not say ${missing}`);
});

it.each([
  ['/api/v1/executions/:id/new', { scope: 'read' }],
  ['/api/v1/new', { scope: 'read', reach: 'everything' }],
  ['/api/v1/sources/new', { scope: 'public', source: 'github' }],
])('one that says it does not: %s %j', (url, config) => {
  expect(route(url, config)).not.toThrow();
});
