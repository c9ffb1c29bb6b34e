import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { StartError } from '../start-error.js';

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

const execute = promisify(execFile);

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

/** Whether `account` may enter the folder; asked of the system, for modes alone say nothing of ACLs and mounts. */
export async function canEnter(folder: string, account: Account): Promise<boolean> {
  const options = { ...account, cwd: '/' };
  return execute('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], options).then(
    () => true,
    () => false,
  );
}
