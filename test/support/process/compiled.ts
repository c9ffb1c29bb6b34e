import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { transformSync } from '@swc/core';
import { ROOT } from './checkout.js';

/** What the program consists of, and what of it is built for browsers alone. */
const FOLDERS = ['src', 'projections'];
const PAGES = path.join('src', 'web');

const filesIn = (folder: string): string[] =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => /\.(ts|sql)$/.test(file) && !file.startsWith(PAGES));

function compile(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'program-'));
  chmodSync(folder, 0o755);
  cpSync(path.join(ROOT, 'package.json'), path.join(folder, 'package.json'));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  for (const file of FOLDERS.flatMap(filesIn)) {
    const [filename, made] = [path.join(ROOT, file), path.join(folder, file)];
    mkdirSync(path.dirname(made), { recursive: true });
    if (!file.endsWith('.ts')) cpSync(filename, made);
    else {
      const { code } = transformSync(readFileSync(filename, 'utf8'), { filename, sourceMaps: false });
      writeFileSync(made.replace(/\.ts$/, '.js'), code);
    }
  }
  return folder;
}

let compiled: string | undefined;

/**
 * A file of `src/` as it stands, compiled: the whole program is, when the first of it is asked for. A process that has to compile
 * what it imports takes twice the work to start.
 */
export const compiledFile = (name: `${string}.js`): string => path.join((compiled ??= compile()), 'src', name);
