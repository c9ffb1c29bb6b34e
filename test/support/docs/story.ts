import { execFile, type ExecFileException } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { textOf } from '../process/checkout.js';

/** A block of code of a page, and the line of the page that it begins in. */
export interface Block {
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** The blocks of a page in its order. */
export async function blocksOf(file: string): Promise<Block[]> {
  const page = await textOf(file);
  return [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map((found) => ({
    line: page.slice(0, found.index).split('\n').length,
    language: found[1]!,
    text: found[2]!,
  }));
}

/** Where the pages say that the ledger is. */
const ADDRESS = 'http://127.0.0.1:8080';
/** A stream has no end: so long is looked at it, in seconds. */
const FOLLOWED_S = 1;

/** A shell that knows what the blocks before set, and has curl write a line after each answer. */
export async function openShell(url: string) {
  const home = await mkdtemp(path.join(tmpdir(), 'ledger-story-'));
  await writeFile(path.join(home, '.curlrc'), 'silent\nwrite-out = "\\n"\n');
  let settings = '';
  /** Runs a block. @throws where it fails */
  async function run(text: string): Promise<string> {
    const endless = /\bcurl -N\b/.test(text);
    const asked = text.replaceAll(ADDRESS, url).replace(/\bcurl -N\b/g, `curl -N --max-time ${FOLLOWED_S}`);
    if (/^(?:[A-Z]\w*=.*\n)+$/.test(asked)) settings += asked;
    const env = { PATH: process.env['PATH'], HOME: home, CURL_HOME: home };
    return new Promise((resolve, reject) =>
      execFile('bash', ['--norc', '-uc', `${endless ? '' : 'set -e\n'}${settings}${asked}`], { env }, (error, said) =>
        error && !(endless && isTimeUp(error)) ? reject(error) : resolve(said),
      ),
    );
  }
  return { run, close: () => rm(home, { recursive: true }) };
}

/** curl's code where it was told how long to wait. */
const isTimeUp = ({ code }: ExecFileException): boolean => code === 28;

/** The JSON of an answer, or of many a line each; what stands before it are headers (`curl -i`). */
export function answersOf(said: string): unknown[] {
  const text = said.replace(/^HTTP\/[^]*?\r?\n\r?\n/, '').trim();
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  try {
    return lines.map((line) => JSON.parse(line) as unknown);
  } catch {
    return [JSON.parse(text)];
  }
}

/** What differs each time though nothing does: moments, ids of the ledger's own, processes, and how long something took. */
const PATTERNS = [/^\d{4}-\d\d-\d\dT[\d:.]+Z$/, /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/];
const NUMBERS: ReadonlySet<string> = new Set([
  'duration_ms',
  'lag_ms',
  'pid',
  'p50',
  'p95',
  'p99',
  'p50_ms',
  'p95_ms',
  'events_per_second',
]);

/** Whether a value is the one that is shown; a text that ends in `…` is shown by its beginning. */
function isShown(shown: unknown, found: unknown, name: string): boolean {
  if (typeof shown === 'string' && typeof found === 'string') {
    if (shown.endsWith('…')) return found.startsWith(shown.slice(0, -1));
    return shown === found || PATTERNS.some((pattern) => pattern.test(shown) && pattern.test(found));
  }
  return shown === found || (NUMBERS.has(name) && typeof shown === 'number' && typeof found === 'number');
}

/** Where an answer is not what is shown, by paths. What an answer has beyond it may be left out of a page. */
export function differences(shown: unknown, found: unknown, at = ''): string[] {
  if (typeof shown !== 'object' || shown === null) {
    const said = `${at}: shown ${JSON.stringify(shown)}, answered ${JSON.stringify(found)}`;
    return isShown(shown, found, at.split('.').at(-1)!) ? [] : [said];
  }
  if (typeof found !== 'object' || found === null) return [`${at}: answered ${JSON.stringify(found)}`];
  if (Array.isArray(shown) && (found as unknown[]).length !== shown.length)
    return [`${at}: shown ${shown.length}, answered ${(found as unknown[]).length}`];
  return Object.entries(shown).flatMap(([key, value]) =>
    differences(value, (found as Record<string, unknown>)[key], `${at}.${key}`),
  );
}

/** The headers that are shown and not answered. */
const headersMissing = (shown: string, said: string): string[] => {
  const [answered = ''] = said.toLowerCase().replaceAll('\r', '').split('\n\n');
  const [lines = ''] = shown.split('\n\n');
  return shown.startsWith('HTTP/') ? lines.split('\n').filter((line) => !answered.includes(line.toLowerCase())) : [];
};

/** Runs a page's blocks one after the other, as somebody would who pastes them. Gives what it shows otherwise than it came. */
export async function readAloud(
  blocks: readonly Block[],
  url: string,
  between: () => Promise<unknown>,
): Promise<string[]> {
  const shell = await openShell(url);
  const wrong: string[] = [];
  let said = '';
  for (const { language, text, line } of blocks) {
    const note = (one: string): void => void wrong.push(`line ${line}${one}`);
    if (language === 'sh' || language === 'bash') {
      await between();
      said = await shell.run(text);
    } else if (said === '') note(': shows what nothing before it answered');
    else {
      const [shown, found] = [answersOf(text), answersOf(said)];
      differences(shown, found).forEach(note);
      headersMissing(text, said).forEach((one) => note(`: ${one}`));
      said = '';
    }
  }
  await shell.close();
  return wrong;
}
