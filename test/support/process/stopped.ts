import { withClient } from '../store/postgres.js';

const stopped: number[] = [];

/** Lets all go on that were stopped. */
export const goOn = (): void => stopped.splice(0).forEach((pid) => process.kill(pid, 'SIGCONT'));

/** Has connections of these names stand still, as if what they read took for ever; answers how many there are. */
export async function stopSessions(
  { connectionString, name }: { connectionString: string; name: string },
  names: readonly string[],
): Promise<number> {
  const { rows } = await withClient(connectionString, (client) =>
    client.query<{ pid: number }>(
      'select pid from pg_stat_activity where datname = $1 and application_name = any($2)',
      [name, names.map((one) => `execution-ledger ${one}`)],
    ),
  );
  for (const { pid } of rows) {
    process.kill(pid, 'SIGSTOP');
    stopped.push(pid);
  }
  return rows.length;
}
