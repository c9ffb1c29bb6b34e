import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { NestFactory } from '@nestjs/core';
import { AppModule, type Parts } from './app.module.js';
import { documentOf } from './http/openapi.js';
import { prefixRoutes } from './service.js';

const FILE = 'docs/openapi.json';

/** The document of the API, made without a database: nothing of the ledger is started. */
async function generate(): Promise<string> {
  // Preview makes no instance of anything, so the parts are never looked at.
  const parts = { store: { onReconnect: () => undefined } } as unknown as Parts;
  const app = await NestFactory.create(AppModule.over(parts), new FastifyAdapter(), { preview: true, logger: false });
  prefixRoutes(app);
  return JSON.stringify(documentOf(app), null, 2) + '\n';
}

const document = await generate();
if (process.argv.includes('--check')) {
  const written = await readFile(FILE, 'utf8').catch(() => '');
  if (written !== document) {
    process.stderr.write(`${FILE} is not what the code says: run "npm run openapi" and commit it\n`);
    process.exit(1);
  }
  process.stdout.write(`${FILE} is up to date\n`);
} else {
  await writeFile(FILE, document);
  process.stdout.write(`${FILE} written\n`);
}
