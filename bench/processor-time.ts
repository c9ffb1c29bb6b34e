import { readFile } from 'node:fs/promises';
import { execute } from './database.js';

/** Microseconds of a clock tick of `/proc`: 100 a second on every Linux that Node runs on. */
const TICK_US = 10_000;

/** The fields of `/proc/<pid>/stat` from the third on: the second, the name in parentheses, may hold blanks. */
async function statOf(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

const sum = (ticks: readonly (string | undefined)[]): number =>
  ticks.reduce((all, one) => all + Number(one), 0) * TICK_US;

/** Processor time of a process with all of its threads, in microseconds (proc(5): utime and stime). */
export async function processorTime(pid: number): Promise<number> {
  return sum((await statOf(pid)).slice(11, 13));
}

/** The process that all sessions of the server at `url` are children of. */
export async function postmasterOf(url: string): Promise<number> {
  const { rows } = await execute(url, `SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'`);
  const [checkpointer] = rows as { pid: number }[];
  return Number((await statOf(checkpointer!.pid))[1]);
}

/** Processor time of a database server, its sessions and those that have ended included, in microseconds. */
export async function serverTime(postmaster: number): Promise<number> {
  const children = (await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8')).trim().split(' ');
  const living = await Promise.all(children.map((pid) => processorTime(Number(pid)).catch(() => 0)));
  return living.reduce((all, one) => all + one, sum((await statOf(postmaster)).slice(11, 15)));
}

/** How many answers a load had, and how many per second. */
export interface Answers {
  readonly rate: number;
  readonly total: number;
}

/** What a load took. */
export interface Round {
  /** Answers per second. */
  readonly rate: number;
  /** Microseconds of processor time per answer: of the programs that answered, and of their database server. */
  readonly server: number;
  readonly database: number;
}

/** Measures a load on the programs of these processes. */
export async function measureRound(
  pids: readonly number[],
  postmaster: number,
  load: () => Promise<Answers>,
): Promise<Round> {
  const taken = () => Promise.all([serverTime(postmaster), ...pids.map(processorTime)]);
  const before = await taken();
  const { rate, total } = await load();
  const [database = 0, ...programs] = (await taken()).map((after, n) => (after - before[n]!) / total);
  return { rate, server: programs.reduce((all, one) => all + one, 0), database };
}
