import { execFile } from 'node:child_process';
import type { Stats } from 'node:fs';
import { promisify } from 'node:util';
import { StartError } from '../errors.js';
import { childEnvironment } from './environment.js';

/** The unprivileged user PostgreSQL runs as when the ledger runs as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const NAME = 'execution-ledger';
const CREATE: readonly [string, string[]][] = [
  [
    'useradd',
    ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/bin/false', NAME],
  ],
  // Alpine's busybox knows adduser only; without a group of its own the account would share nogroup.
  ['sh', ['-c', `addgroup -S ${NAME} && adduser -S -D -H -h /nonexistent -s /bin/false -G ${NAME} ${NAME}`]],
];

const executeFile = promisify(execFile);
const execute = (file: string, args: string[], options = {}) =>
  executeFile(file, args, { env: childEnvironment(), ...options });

/** Runs a program as `account` in `cwd`, with `input` on its standard input; rejects with its standard error when it fails. */
export async function run(file: string, args: string[], cwd: string, account?: Account, input = ''): Promise<string> {
  const running = executeFile(file, args, { cwd, env: childEnvironment(), ...account });
  // A program that ends before it has read all says by itself why.
  running.child.stdin?.on('error', () => undefined).end(input);
  return (await running).stdout;
}

async function lookUp(): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => (await execute('id', [flag, NAME])).stdout));
    return { uid: Number(uid), gid: Number(gid) };
  } catch {
    return undefined;
  }
}

/** Whether the ledger runs as root, as which PostgreSQL refuses to run. */
export const isRoot = () => process.getuid?.() === 0;

/**
 * The ledger's own account, created at first need.
 * @throws StartError when it does not exist and no known program can create it.
 */
export async function ownAccount(): Promise<Account> {
  let account = await lookUp();
  for (const [command, args] of account ? [] : CREATE) {
    await execute(command, args).catch(() => undefined);
    account ??= await lookUp();
  }
  if (account) return account;
  throw new StartError([
    `PostgreSQL refuses to run as root and the user ${NAME} could not be created (no working useradd or adduser); create it, start as another user, or set DATABASE_URL`,
  ]);
}

/** Whom a file belongs to, in the group that is theirs: the file's own may be root's. */
export async function accountOf({ uid, gid }: Pick<Stats, 'uid' | 'gid'>): Promise<Account> {
  const own = await execute('id', ['-g', String(uid)]).catch(() => undefined);
  return { uid, gid: own ? Number(own.stdout) : gid };
}

/** Whether `account` may enter the folder; asked of the system, for modes alone say nothing of ACLs and mounts. */
export async function canEnter(folder: string, account: Account): Promise<boolean> {
  const options = { ...account, cwd: '/' };
  return execute('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], options).then(
    () => true,
    () => false,
  );
}
