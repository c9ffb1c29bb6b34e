import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../support/process/checkout.js';
import { usingLedger } from '../support/ledger/ledger.js';
import { blocksOf } from '../support/docs/story.js';

const run = promisify(execFile);
const ledger = usingLedger();

/** A program of somebody else, with the package as `npm pack` makes it and those packages that the client needs. */
let user: string;
const NEEDED = ['ky', 'openapi-fetch', 'openapi-typescript-helpers', 'uuid'];
beforeAll(async () => {
  user = await mkdtemp(path.join(tmpdir(), 'user-'));
  const modules = path.join(user, 'node_modules');
  await mkdir(path.join(modules, 'execution-ledger'), { recursive: true });
  const packed = await run('npm', ['pack', '--json', '--pack-destination', user], { cwd: ROOT });
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  // A program that is installed has its pages.
  expect((await run('tar', ['-tzf', filename], { cwd: user })).stdout).toContain('package/dist/pages/index.html');
  await run('tar', ['-xzf', filename, '--strip-components=1', '-C', path.join(modules, 'execution-ledger')], {
    cwd: user,
  });
  for (const name of NEEDED) await symlink(path.join(ROOT, 'node_modules', name), path.join(modules, name));
  await mkdir(path.join(modules, '@types'));
  await symlink(path.join(ROOT, 'node_modules/@types/node'), path.join(modules, '@types/node'));
  await symlink(path.join(ROOT, 'node_modules/undici-types'), path.join(modules, 'undici-types'));
  await writeFile(path.join(user, 'package.json'), '{"type":"module"}');
}, 60_000);
afterAll(() => rm(user, { recursive: true }));

const node = async (...args: string[]): Promise<string> =>
  (await run(process.execPath, args, { cwd: user, env: { ...process.env, LEDGER_URL: ledger.url }, timeout: 30_000 }))
    .stdout;
const compile = (...options: string[]): Promise<unknown> =>
  node(
    path.join(ROOT, 'node_modules/typescript/bin/tsc'),
    '--strict',
    '--target',
    'es2023',
    '--module',
    'nodenext',
    ...options,
  ).catch((error: { stdout: string }) => Promise.reject(new Error(error.stdout)));

const PROGRAM = `
import { connect, Ledger, type Ending } from 'execution-ledger/client';

export async function work(url: string): Promise<Ending> {
  const ledger = new Ledger(connect({ url }));
  const { value, ending } = await ledger.run({ id: 'theirs', target: 'users.own' }, (execution) => {
    execution.progress(50);
    return 6 * 7;
  });
  const answer: number = value;
  const { data } = await ledger.connection.GET('/api/v1/executions/{id}', { params: { path: { id: 'theirs' } } });
  if (data?.status !== 'succeeded' || data.result !== answer) throw new Error('it does not stand there');
  // @ts-expect-error: there is no such path
  void (() => ledger.connection.GET('/api/v1/nothing'));
  return ending;
}
`;
const NODE = `
import { FileOutbox } from 'execution-ledger/client/file-outbox';
import { work } from './program.js';

const outbox = await FileOutbox.open('outbox');
await outbox.close();
console.log(JSON.stringify(await work(process.env['LEDGER_URL']!)));
`;

it('a program imports the client of the package, with its types, and reports by it', async () => {
  await writeFile(path.join(user, 'program.ts'), PROGRAM);
  await writeFile(path.join(user, 'main.ts'), NODE);
  await compile('--types', 'node', '--lib', 'es2023', '--skipLibCheck', 'main.ts');
  expect(JSON.parse(await node('main.js'))).toMatchObject({ status: 'succeeded', won: true });
}, 60_000);

it('the programs of docs/client.md and of the recipe compile against the package, and run', async () => {
  const pages = await Promise.all(['docs/client.md', 'docs/recipes/typescript.md'].map(blocksOf));
  const programs = pages.flat().filter(({ language }) => language === 'ts');
  const names = programs.map((_, index) => `docs-${index}`);
  for (const [index, { text }] of programs.entries()) await writeFile(path.join(user, `docs-${index}.ts`), text);
  await compile('--types', 'node', '--lib', 'es2023', '--skipLibCheck', ...names.map((name) => `${name}.ts`));
  const said: string[] = [];
  for (const name of names) {
    said.push(await node(`${name}.js`));
    const { head_position: position } = (await ledger.call('GET', '/events?limit=1')).body;
    await ledger.call('GET', `/executions?wait_for=${position}`);
  }
  expect(said).toEqual([
    '45 true applied\n',
    'stopped: cancelled\n',
    'left to deliver: 0\n',
    'kept-1 succeeded\nload-1 succeeded\n',
    expect.stringMatching(/'succeeded'.*'left to somebody else'|'left to somebody else'.*'succeeded'/),
  ]);
}, 60_000);

it('a page of a browser compiles with it, and loads nothing of Node.js with it', async () => {
  await writeFile(path.join(user, 'page.ts'), PROGRAM);
  await compile('--lib', 'es2023,dom,dom.iterable', '--skipLibCheck', 'page.ts');
  const hook = `export async function resolve(name, context, next) {
    const found = await next(name, { ...context, conditions: ['browser', 'import', 'default'] });
    process._rawDebug(found.url);
    return found;
  }`;
  const register = `import { register } from 'node:module'; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hook)}`)});`;
  await writeFile(path.join(user, 'register.mjs'), register);
  const { stderr } = await run(process.execPath, ['--import', './register.mjs', 'page.js'], {
    cwd: user,
  });
  const loaded = stderr.split('\n').filter((line) => /^\w+:/.test(line));
  expect(loaded.filter((url) => url.endsWith('/client/index.js'))).toHaveLength(1);
  expect(loaded.filter((url) => url.startsWith('node:'))).toEqual([]);
  const packages = loaded.flatMap((url) => /.*node_modules\/([^/]+)/.exec(url)?.[1] ?? []);
  expect([...new Set(packages)].sort()).toEqual(['execution-ledger', 'ky', 'openapi-fetch', 'uuid']);
}, 60_000);

it('shows nothing else of the package to a program', async () => {
  await writeFile(path.join(user, 'inside.mjs'), "await import('execution-ledger/dist/src/composition/ledger.js')");
  await expect(node('inside.mjs')).rejects.toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
});
