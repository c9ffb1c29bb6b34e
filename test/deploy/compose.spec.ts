import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config.js';
import { VARIABLES } from '../../src/variables.js';
import { documentsOf, secondsOf, textOf } from '../support/process/checkout.js';

interface Service {
  readonly image?: string;
  readonly profiles?: string[];
  readonly environment: Record<string, string | number>;
  readonly ports?: string[];
  readonly volumes?: string[];
  readonly tmpfs?: string[];
  readonly stop_grace_period?: string;
}
interface Compose {
  readonly services: Record<string, Service>;
  readonly volumes: Record<string, null>;
}

const run = promisify(execFile);
let compose: Compose;
/** What the documented commands make: a folder with a `.env`. */
let folder: string;
let said: string;
let made: Record<string, string>;

/** Runs the commands of docs/operations.md that make `.env`. */
async function makeSecrets(): Promise<string> {
  const [, section] = (await textOf('docs/operations.md')).split('\n## Docker Compose\n');
  const [, commands] = /```sh\n(.*?)```/s.exec(section!)!;
  return (await run('sh', ['-ec', commands!], { cwd: folder })).stdout;
}

/** What Compose makes of a text with variables. */
const filled = (text: string, env: Record<string, string>): string =>
  text.replaceAll(/\$\{(\w+)(?:(:[-?])([^}]*))?\}/g, (_, name: string, kind = '', given = '') => {
    const value = env[name] || (kind === ':-' ? given : undefined);
    if (value === undefined) throw new Error(`${name}: ${given}`);
    return value as string;
  });

beforeAll(async () => {
  [compose] = (await documentsOf<Compose>('docker-compose.yml')) as [Compose];
  folder = await mkdtemp(path.join(tmpdir(), 'ledger-compose-'));
  said = await makeSecrets();
  const lines = (await readFile(path.join(folder, '.env'), 'utf8')).trim().split('\n');
  made = Object.fromEntries(lines.map((line) => line.split('=') as [string, string]));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the secrets', () => {
  it('are made once, for their owner alone, and the key is printed then', async () => {
    const [, key] = /^ops:(\w{48})$/.exec(made['API_KEYS']!)!;
    expect(said).toBe(`the key of ops: ${key}\n`);
    expect((await stat(path.join(folder, '.env'))).mode & 0o777).toBe(0o600);
    const before = await readFile(path.join(folder, '.env'), 'utf8');
    expect(await makeSecrets()).toBe('');
    expect(await readFile(path.join(folder, '.env'), 'utf8')).toBe(before);
  });

  it('are all that is missing, and stay out of the repository', async () => {
    expect(() => filled(JSON.stringify(compose), made)).not.toThrow();
    for (const name of Object.keys(made))
      expect(() => filled(JSON.stringify(compose), { ...made, [name]: '' })).toThrow(name);
    expect((await textOf('.gitignore')).split('\n')).toContain('.env');
  });
});

describe('the ledger', () => {
  const environment = (more: Record<string, string> = {}): Record<string, string> =>
    Object.fromEntries(
      Object.entries(compose.services['ledger']!.environment).map(([name, value]) => [
        name,
        filled(String(value), { ...made, ...more }),
      ]),
    );

  it('starts with what it is given, and is given nothing that it does not read', () => {
    expect(loadConfig(environment())).toMatchObject({ host: '0.0.0.0', port: 8080 });
    const known = Object.values(VARIABLES).map(({ name }) => name as string);
    expect(Object.keys(environment()).filter((name) => !known.includes(name))).toEqual([]);
    expect(() =>
      loadConfig(environment({ EVENT_STORE: 'eventstoredb', EVENTSTOREDB_URL: 'esdb://eventstoredb:2113?tls=false' })),
    ).not.toThrow();
  });

  it('is reached from other hosts only where that is asked for', () => {
    const [port] = compose.services['ledger']!.ports!;
    expect(filled(port!, made)).toBe('127.0.0.1:8080:8080');
    expect(filled(port!, { ...made, LEDGER_BIND: '0.0.0.0', LEDGER_PORT: '80' })).toBe('0.0.0.0:80:8080');
  });

  it('has the time that a stop takes', async () => {
    expect(parseInt(compose.services['ledger']!.stop_grace_period!)).toBeGreaterThan(
      await secondsOf('STOP_MS', 'src/main.ts'),
    );
  });
});

/** Where the images declare volumes: whatever is not mounted there becomes one without a name. */
const DECLARED = {
  postgres: ['/var/lib/postgresql'],
  roles: ['/var/lib/postgresql'],
  eventstoredb: ['/var/lib/eventstore', '/var/log/eventstore'],
  ledger: ['/var/lib/ledger'],
};

it.each(Object.entries(DECLARED))('%s leaves no volume without a name', (name, declared) => {
  const { volumes = [], tmpfs = [] } = compose.services[name]!;
  expect(volumes.map((volume) => volume.split(':')[0]).filter((named) => !(named! in compose.volumes))).toEqual([]);
  const mounted = [...volumes.map((volume) => volume.split(':')[1]), ...tmpfs];
  expect(mounted).toEqual(expect.arrayContaining(declared));
});

it('knows of every service and of the volume of the image what is mounted', async () => {
  expect(Object.keys(compose.services).sort()).toEqual(Object.keys(DECLARED).sort());
  const declared = [...(await textOf('Dockerfile')).matchAll(/^VOLUME (\S+)$/gm)].map(([, where]) => where);
  expect(declared).toEqual(DECLARED.ledger);
});

it('names every image that runs by default by its digest', () => {
  const images = Object.values(compose.services).filter(({ profiles }) => !profiles);
  for (const { image } of images) expect(image ?? '@sha256:').toMatch(/@sha256:/);
});
