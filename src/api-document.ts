import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { AppModule, type Parts } from './app.module.js';
import { documentOf } from './http/openapi.js';
import { prefixRoutes } from './service.js';

/** The document of the API, made without a database: nothing of the ledger is started. */
export async function apiDocument(): Promise<OpenAPIObject> {
  // Preview makes no instance of anything, so the parts are never looked at.
  const parts = { store: { onReconnect: () => undefined } } as unknown as Parts;
  const app = await NestFactory.create(AppModule.over(parts), new FastifyAdapter(), { preview: true, logger: false });
  prefixRoutes(app);
  return documentOf(app);
}

/** What a key needs for each endpoint, as rows of a table: the scope, and what it opens. */
export function scopeRows({ paths }: OpenAPIObject): string[][] {
  const opened = new Map<string, string[]>(['report', 'command', 'read', 'operate', 'public'].map((one) => [one, []]));
  for (const [path, methods] of Object.entries(paths))
    for (const [method, operation] of Object.entries(methods)) {
      const { 'x-scope': scope } = operation as { 'x-scope': string };
      const address = path.replace('/api/v1', '').replaceAll(/\{(\w+)\}/g, ':$1');
      opened.get(scope)!.push(`\`${method.toUpperCase()} ${address}\``);
    }
  return [...opened].map(([scope, doors]) => [scope === 'public' ? 'no key' : `\`${scope}\``, doors.join(' · ')]);
}

const HEAD = ['Scope', 'Opens'];

/** The rows as a table of a page, as its formatter writes it. */
export function tableOf(rows: readonly string[][]): string {
  const widths = HEAD.map((_, column) => Math.max(...[HEAD, ...rows].map((row) => row[column]!.length)));
  const line = (row: readonly string[], fill = ' '): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!, fill)).join(' | ')} |\n`;
  return [line(HEAD), line(['', ''], '-'), ...rows.map((row) => line(row))].join('');
}

/** A page with its table of scopes replaced. */
export const withScopes = (page: string, table: string): string =>
  page.replace(/^\| Scope +\|[^]*?\n(?=\n)/m, () => table);
