import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { apiDocument, listOf, scopeDoors, withScopes } from './api-document.js';

const PAGE = 'docs/operations.md';

const document = await apiDocument();
const read = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');
/** What the code says, by the file that it is written to. */
const files: Readonly<Record<string, string>> = {
  'docs/openapi.json': JSON.stringify(document, null, 2) + '\n',
  [PAGE]: withScopes(await read(PAGE), listOf(scopeDoors(document))),
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
