import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { loadAll } from 'js-yaml';

/** The folder of the checkout. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The text of a file of the checkout. */
export const textOf = (file: string): Promise<string> => readFile(`${ROOT}/${file}`, 'utf8');

/** The documents of a YAML file of the checkout. */
export const documentsOf = async <T>(file: string): Promise<T[]> => loadAll(await textOf(file)) as T[];

/** A time that the program goes by, which others have to wait for: a constant of one of its files, in seconds. */
export async function secondsOf(constant: string, file: string): Promise<number> {
  const [, ms] = new RegExp(`^const ${constant} = ([\\d_]+);$`, 'm').exec(await textOf(file))!;
  return Number(ms!.replaceAll('_', '')) / 1_000;
}
