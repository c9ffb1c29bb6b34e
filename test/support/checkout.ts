import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { loadAll } from 'js-yaml';

/** The folder of the checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The text of a file of the checkout. */
export const textOf = (file: string): Promise<string> => readFile(`${ROOT}/${file}`, 'utf8');

/** The documents of a YAML file of the checkout. */
export const documentsOf = async <T>(file: string): Promise<T[]> => loadAll(await textOf(file)) as T[];

/** How long a stop may take at most, in seconds: whoever supervises the ledger has to wait longer. */
export async function stopLimit(): Promise<number> {
  const [, ms] = /^const STOP_MS = ([\d_]+);$/m.exec(await textOf('src/main.ts'))!;
  return Number(ms!.replaceAll('_', '')) / 1_000;
}
