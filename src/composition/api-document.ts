import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { AppModule, type Parts } from './app.module.js';
import { documentOf } from '../http/openapi.js';
import { prefixRoutes } from './http-server.js';

/** The document of the API, made without a database: nothing of the ledger is started. */
export async function apiDocument(): Promise<OpenAPIObject> {
  // Preview makes no instance of anything, so the parts are never looked at.
  const parts = { store: { onReconnect: () => undefined } } as unknown as Parts;
  const app = await NestFactory.create(AppModule.over(parts), new FastifyAdapter(), { preview: true, logger: false });
  prefixRoutes(app);
  return documentOf(app);
}

/** Each scope as a page writes it, and the endpoints that it opens. */
export type ScopeEndpoints = readonly (readonly [scope: string, endpoints: readonly string[]])[];

/** How the page calls them; `any` is whatever key is known. */
const CALLED: Readonly<Record<string, string>> = { any: 'any key', public: 'no key' };

/** What a key needs for each endpoint. */
export function scopeEndpoints({ paths }: OpenAPIObject): ScopeEndpoints {
  const opened = new Map<string, string[]>(
    ['report', 'command', 'read', 'operate', 'any', 'public'].map((one) => [one, []]),
  );
  for (const [path, methods] of Object.entries(paths))
    for (const [method, operation] of Object.entries(methods)) {
      const { 'x-scope': scope } = operation as { 'x-scope': string };
      const address = path.replace('/api/v1', '').replaceAll(/\{(\w+)\}/g, ':$1');
      opened.get(scope)!.push(`\`${method.toUpperCase()} ${address}\``);
    }
  return [...opened].map(([scope, endpoints]) => [CALLED[scope] ?? `\`${scope}\``, endpoints]);
}

/** What each scope opens as the list of a page, as its formatter writes it. */
export const listOf = (scopes: ScopeEndpoints): string =>
  scopes
    .map(([scope, endpoints]) => [`- ${scope} opens\n`, ...endpoints.map((endpoint) => `  - ${endpoint}\n`)].join(''))
    .join('');

/** A page with its list of scopes replaced. */
export const withScopes = (page: string, list: string): string =>
  page.replace(/^- `report` opens\n(?: *- .*\n)+/m, () => list);
