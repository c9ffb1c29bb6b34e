import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import openapiTypes, { astToString } from 'openapi-typescript';
import { apiDocument, listOf, scopeEndpoints, withScopes } from './api-document.js';

const PAGE = 'docs/operations.md';
const GENERATED =
  '/** The types of the API, written by `npm run openapi` from docs/openapi.json: do not edit them. */\n';

const document = await apiDocument();
const openapi = JSON.stringify(document, null, 2) + '\n';
const read = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');
/** What the code says, by the file that it is written to. */
const files: Readonly<Record<string, string>> = {
  'docs/openapi.json': openapi,
  'src/client/openapi.ts': GENERATED + astToString(await openapiTypes(openapi)),
  [PAGE]: withScopes(await read(PAGE), listOf(scopeEndpoints(document))),
};

for (const [file, text] of Object.entries(files)) {
  if (!process.argv.includes('--check')) {
    await writeFile(file, text);
    process.stdout.write(`${file} written\n`);
  } else if ((await read(file)) === text) process.stdout.write(`${file} is up to date\n`);
  else {
    process.stderr.write(`${file} is not what the code says: run "npm run openapi" and commit it\n`);
    process.exitCode = 1;
  }
}
