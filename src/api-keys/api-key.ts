import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ANONYMOUS, LEDGER } from '../caller.js';

/** What an API key may do: send reports, send commands, read, operate projections. */
export const SCOPES = ['report', 'command', 'read', 'operate'] as const;
export type Scope = (typeof SCOPES)[number];

/** One entry of `API_KEYS`, or one line of `API_KEYS_FILE`. */
export interface ApiKey {
  /** The actor written beside everything done with the key. Several keys may have one name while one replaces another. */
  readonly name: string;
  /** The SHA-256 of the key: the key itself is nowhere kept. */
  readonly digest: Buffer;
  readonly scopes: readonly Scope[];
  /** Set: the key knows only executions whose ids begin with it. */
  readonly ids?: string;
  /** Set: from this moment on, in milliseconds since the epoch, the key is no longer taken. */
  readonly until?: number;
  /** Too short to stand guessing; unset where only the digest is known. */
  readonly weak?: true;
}

/** From how many characters a key cannot be found by trying. */
export const STRONG_KEY = 20;

/** The digest that a key is known and compared by. */
export const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** What a key is told apart by where it is listed: the beginning of its digest, in hexadecimal. */
export const fingerprintOf = ({ digest }: Pick<ApiKey, 'digest'>): string => digest.toString('hex', 0, 4);

/** What is wrong about an entry. It never holds a part of the entry: whatever stands there may be the key. */
class WrongEntry extends Error {}

const wrong = (message: string): never => {
  throw new WrongEntry(message);
};

/** Names that the operations log and the events give to the ledger itself, and to a caller without a key. */
const TAKEN: readonly string[] = [LEDGER, ANONYMOUS];

function identityOf(name: string): Pick<ApiKey, 'name'> {
  if (!/^[\w.-]{1,64}$/.test(name)) wrong('has no valid name');
  if (TAKEN.includes(name)) wrong(`has a name that no key can have: ${TAKEN.join(' and ')} are the ledger's own`);
  return { name };
}

function secretOf(key: string): Pick<ApiKey, 'digest' | 'weak'> {
  const [, hex] = /^sha256:(.*)$/i.exec(key) ?? [];
  if (hex !== undefined)
    return /^[0-9a-f]{64}$/i.test(hex)
      ? { digest: Buffer.from(hex, 'hex') }
      : wrong('has "sha256:" without 64 hexadecimal digits');
  if (!/^[\x21-\x7e]+$/.test(key)) wrong('has no key of visible ASCII characters');
  return { digest: digestOf(key), ...(key.length < STRONG_KEY && { weak: true }) };
}

function scopesOf(words: string | undefined): Pick<ApiKey, 'scopes'> {
  const scopes = (words === undefined ? SCOPES : words.split('+')) as Scope[];
  return scopes.every((word) => SCOPES.includes(word))
    ? { scopes: [...new Set(scopes)] }
    : wrong('has an unknown scope');
}

/** `2027-01-31`: the key is taken on that day still, by UTC. A moment of that day ends it at that moment. */
const untilDate = z.union([
  z.iso.date().transform((day) => Date.parse(day) + 86_400_000),
  z.iso.datetime({ offset: true }).transform((moment) => Date.parse(moment)),
]);

const OPTIONS: Readonly<Record<string, (value: string) => Pick<ApiKey, 'ids' | 'until'>>> = {
  ids: (value) =>
    /^[^*]+\*$/.test(value)
      ? { ids: value.slice(0, -1) }
      : wrong('has "ids=" without a prefix and its "*", as ids=ci/*'),
  until: (value) => {
    const { success, data } = untilDate.safeParse(value);
    return success ? { until: data } : wrong('has "until=" without a date, as until=2027-01-31');
  },
};

/** `name:key[:scopes]`, where the key may be `sha256:<hex>`. */
function readEntry(entry: string): ApiKey {
  const [, name = '', key = '', scopes, rest] =
    /^([^:]*)(?::((?:sha256:)?[^:]*))?(?::([^:]*))?(:.*)?$/i.exec(entry.trim()) ?? [];
  if (rest !== undefined) wrong('has more than three parts; a key holds no ":" and no ","');
  return { ...identityOf(name), ...secretOf(key), ...scopesOf(scopes) };
}

/** `name key [scopes] [ids=prefix*] [until=date]`, separated by blanks. */
function readLine(line: string): ApiKey {
  const [name = '', key = '', ...more] = line.trim().split(/\s+/);
  const options = more.map((part) => /^(\w+)=(.*)$/.exec(part)).filter((found) => found !== null);
  const scopes = more.filter((part) => !/^\w+=/.test(part));
  if (scopes.length > 1) wrong('has a part too many: scopes are joined by "+"');
  const unknown = options.find(([, option = '']) => !Object.hasOwn(OPTIONS, option));
  if (unknown) wrong('has an unknown option: ids=prefix* and until=date are known');
  if (new Set(options.map(([, option]) => option)).size < options.length) wrong('has an option twice');
  return {
    ...identityOf(name),
    ...secretOf(key),
    ...scopesOf(scopes[0]),
    ...Object.assign({}, ...options.map(([, option = '', value = '']) => OPTIONS[option]!(value))),
  };
}

function readAll(
  texts: readonly [place: string, text: string][],
  read: (text: string) => ApiKey,
  fail: Fail,
): ApiKey[] {
  const keys = new Map<string, ApiKey>();
  for (const [place, text] of texts)
    try {
      const key = read(text);
      if (keys.has(key.digest.toString('hex'))) wrong('has a key that stands before it');
      keys.set(key.digest.toString('hex'), key);
    } catch (error) {
      if (!(error instanceof WrongEntry)) throw error;
      fail(`${place} ${error.message}`);
    }
  return [...keys.values()];
}

type Fail = (message: string) => void;

const reading = (read: (text: string, fail: Fail) => readonly ApiKey[]) =>
  z.string().transform((text, context) => read(text, (message) => context.addIssue({ code: 'custom', message })));

/** The value of `API_KEYS`: entries separated by commas. */
export const apiKeys = reading((text, fail) =>
  readAll(
    text.split(',').map((entry, index) => [`entry ${index + 1}`, entry]),
    readEntry,
    fail,
  ),
);

/** The text of `API_KEYS_FILE`: an entry a line; empty ones and those that begin with `#` are passed over. */
export const apiKeyLines = reading((text, fail) => {
  const lines = text.split(/\r?\n/).map((line, index): [string, string] => [`line ${index + 1}`, line]);
  const entries = lines.filter(([, line]) => !/^\s*(#|$)/.test(line));
  // An empty file is one that is just being written, or a mistake: no ledger is opened by it.
  if (entries.length === 0) fail('there is no key');
  return readAll(entries, readLine, fail);
});
