import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a source has loaded at once: neither types nor what it loads when it comes to that. */
const IMPORT = /^(?:import|export)\s(?!type\b)(?:[^;']*?\sfrom\s)?\s*'([^']+)'/gm;

/** Every source and package that is loaded with a source. */
function loadedWith(source: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(source)) return seen;
  seen.add(source);
  for (const [, name = ''] of readFileSync(resolve(root, source), 'utf8').matchAll(IMPORT)) {
    const file = relative(root, resolve(root, dirname(source), name.replace(/\.js$/, '.ts')));
    if (name.startsWith('.') && existsSync(resolve(root, file))) loadedWith(file, seen);
    else if (!name.startsWith('node:')) seen.add(name);
  }
  return seen;
}

const packagesOf = (source: string): string[] =>
  [...loadedWith(source)].filter((one) => !/^(?:src|projections)\//.test(one)).sort();

describe('what is loaded', () => {
  it('for the version is the parser of the command line alone', () => {
    expect(packagesOf('src/command-line.ts')).toEqual(['commander']);
  });

  it('for a command on the database is no server and no migrations', () => {
    const sources = ['keys', 'projections', 'operations', 'backup'].map((name) => `src/cli/${name}.ts`);
    const packages = new Set([...sources, 'src/composition/command-parts.ts'].flatMap(packagesOf));
    expect(packages).toContain('pg');
    expect([...packages].filter((name) => /^(?:@nestjs|@?fastify|rxjs|prom-client|typeorm)/.test(name))).toEqual([]);
  });

  it('for a program that is run is what that needs, and neither the ledger nor what repeats requests', () => {
    expect(packagesOf('src/cli/run.ts')).toEqual(['commander', 'uuid']);
  });

  it('for the server is what it serves with; TypeORM where there is something to migrate', () => {
    const packages = packagesOf('src/composition/ledger.ts');
    expect(packages).toContain('@nestjs/core');
    expect(packages).not.toContain('typeorm');
  });
});
