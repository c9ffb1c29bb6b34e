import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { STATUSES, type Status } from './domain/status.js';
import { StartError } from './start-error.js';
import { NEW_ENTRY, statusWords } from './status-words.js';

/** What an API key may do: send reports, send commands, read, operate projections. */
export const SCOPES = ['report', 'command', 'read', 'operate'] as const;
export type Scope = (typeof SCOPES)[number];

/** One entry of `API_KEYS`; `name` is the actor written beside everything done with the key. */
export interface ApiKey {
  readonly name: string;
  readonly key: string;
  readonly scopes: readonly Scope[];
}

const UNITS_OF_TIME = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const UNITS_OF_SIZE = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 };
const HOST_NAME = /^[\w.:%-]+$/;

/** A number with a unit out of `units`, as a whole number of the smallest one; NaN when it is not that. */
function quantity(text: string, units: Readonly<Record<string, number>>, bare?: string): number {
  const [, number, unit = bare ?? ''] = /^(\d+(?:\.\d+)?)\s*([a-z]+)?$/i.exec(text.trim()) ?? [];
  return Math.round(Number(number) * (units[unit.toLowerCase()] ?? NaN));
}

function quantityBetween(units: Readonly<Record<string, number>>, min: number, max: number, bare?: string) {
  return z
    .string()
    .transform((text) => quantity(text, units, bare))
    .refine((value) => value >= min && value <= max);
}

const duration = quantityBetween(UNITS_OF_TIME, 1_000, 36_500 * UNITS_OF_TIME.d);
const size = quantityBetween(UNITS_OF_SIZE, 1_024, 64 * UNITS_OF_SIZE.mib, 'b');
const port = z.string().regex(/^\d+$/).transform(Number).pipe(z.number().max(65_535));
const url = (protocol: RegExp) => z.url({ protocol });
/** Only its client can read it whole: a list of hosts with their ports is no URL elsewhere. */
const eventStoreDbUrl = z.string().regex(/^(esdb|kurrentdb|kdb)(\+discover)?:\/\/\S+$/);

function parseApiKey(entry: string, index: number, fail: (message: string) => void): ApiKey {
  const [name = '', key = '', scopes, ...rest] = entry.trim().split(':');
  const words = scopes === undefined ? SCOPES : (scopes.split('+') as Scope[]);
  // A problem names the entry by its number: whatever stands in it may be the key.
  if (!/^[\w.-]{1,64}$/.test(name)) fail(`entry ${index + 1} has no valid name`);
  else if (!/^[\x21-\x7e]+$/.test(key)) fail(`entry ${index + 1} has no key of visible ASCII characters`);
  else if (rest.length > 0) fail(`entry ${index + 1} has more than three parts; a key holds no ":" and no ","`);
  else if (!words.every((word) => SCOPES.includes(word))) fail(`entry ${index + 1} has an unknown scope`);
  return { name, key, scopes: [...new Set(words)] };
}

const apiKeys = z.string().transform((text, context) => {
  const fail = (message: string) => context.addIssue({ code: 'custom', message });
  const keys = text
    .trim()
    .split(NEW_ENTRY)
    .map((entry, index) => parseApiKey(entry, index, fail));
  if (new Set(keys.map(({ name }) => name)).size < keys.length) fail('two entries have the same name');
  if (new Set(keys.map(({ key }) => key)).size < keys.length) fail('two entries have the same key');
  return keys;
});

const environment = z.object({
  HOST: z.string().regex(HOST_NAME).default('127.0.0.1'),
  PORT: port.default(8080),
  DATABASE_URL: url(/^postgres(ql)?$/).optional(),
  LEDGER_DATA_DIR: z
    .string()
    .regex(/^[^\0]*$/)
    .default('.ledger'),
  EVENT_STORE: z.enum(['postgres', 'eventstoredb']).default('postgres'),
  EVENTSTOREDB_URL: eventStoreDbUrl.optional(),
  PROJECTOR: z.enum(['inline', 'off']).default('inline'),
  RESUME_STALE_AFTER: duration.default(3 * UNITS_OF_TIME.d),
  STATUS_WORDS: statusWords.default(new Map()),
  BODY_LIMIT: size.default(UNITS_OF_SIZE.mib),
  API_KEYS: apiKeys.default([]),
  GITHUB_WEBHOOK_SECRET: z.string().optional(),
  GITHUB_WEBHOOK_SECRET_PREVIOUS: z.string().optional(),
  LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty']).default('json'),
});
type Environment = z.infer<typeof environment>;
type Variable = keyof Environment;

/** What would have been right, per variable: the second half of every complaint. */
const EXPECTED: Record<Variable, string> = {
  HOST: 'an IP address or host name to listen on, such as 127.0.0.1',
  PORT: 'a whole number from 0 (any free port) to 65535, such as 8080',
  DATABASE_URL: 'postgres://user:password@host:5432/database',
  LEDGER_DATA_DIR: 'the path of a folder, such as .ledger',
  EVENT_STORE: 'postgres or eventstoredb',
  EVENTSTOREDB_URL: 'esdb://host:2113?tls=true, or several hosts: esdb://one:2113,two:2113,three:2113',
  PROJECTOR: 'inline or off',
  STATUS_WORDS: `word=status, comma-separated, such as shipped=succeeded; status one of ${STATUSES.join(', ')}`,
  RESUME_STALE_AFTER: 'a duration of 1 s to 36500 d, such as 3d, 12h, 90s or 1500ms',
  BODY_LIMIT: 'a size from 1 KiB to 64 MiB, such as 1 MiB, 512KiB, 2MB or 65536 (bytes)',
  API_KEYS: `name:key[:scopes], comma-separated; scopes ${SCOPES.join(', ')}, joined by +; default all`,
  GITHUB_WEBHOOK_SECRET: 'the secret set at the webhook',
  GITHUB_WEBHOOK_SECRET_PREVIOUS: 'the secret that was set at the webhook before',
  LOG_LEVEL: 'error, warn, info or debug',
  LOG_FORMAT: 'json or pretty',
};

/** Never repeated in a message: they are secrets or carry one. */
const SECRET: ReadonlySet<Variable> = new Set([
  'DATABASE_URL',
  'EVENTSTOREDB_URL',
  'API_KEYS',
  'GITHUB_WEBHOOK_SECRET',
  'GITHUB_WEBHOOK_SECRET_PREVIOUS',
]);

/** The configuration the program runs with; meanings and defaults are documented in the README. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Unset: the embedded PostgreSQL under `dataDir`. */
  readonly databaseUrl?: string;
  readonly dataDir: string;
  readonly eventStore: Environment['EVENT_STORE'];
  readonly eventStoreDbUrl?: string;
  readonly projector: Environment['PROJECTOR'];
  /** Milliseconds of silence after which a running execution may be taken over (domain.md §1, "stale"). */
  readonly resumeStaleAfterMs: number;
  /** Words that producers use beyond the table, or otherwise than it says. */
  readonly statusWords: ReadonlyMap<string, Status>;
  /** Bytes. */
  readonly bodyLimit: number;
  /** Empty: the loopback door without keys. */
  readonly apiKeys: readonly ApiKey[];
  /** Any of them will do. */
  readonly githubWebhookSecrets: readonly string[];
  readonly logLevel: Environment['LOG_LEVEL'];
  readonly logFormat: Environment['LOG_FORMAT'];
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** Whether only this machine can reach a server that listens on `host`: 127.0.0.0/8, ::1 or localhost. */
export function isLoopback(host: string): boolean {
  const family = isIP(host);
  return family === 0 ? host.toLowerCase() === 'localhost' : loopback.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

/** Their entries are told of one by one. */
const TELLS_ITSELF: ReadonlySet<Variable> = new Set(['API_KEYS', 'STATUS_WORDS']);

function complaint({ path, code, message }: z.core.$ZodIssue, given: Partial<Record<string, string>>): string {
  const variable = path[0] as Variable;
  const shown = SECRET.has(variable) ? 'its value' : JSON.stringify(given[variable]);
  const wrong = code === 'custom' && TELLS_ITSELF.has(variable) ? message : `${shown} cannot be used`;
  return `${variable}: ${wrong}; expected ${EXPECTED[variable]}`;
}

/** What is wrong about variables taken together; asked of the raw values, so that it is told with the other problems. */
function contradictions(given: Partial<Record<string, string>>): string[] {
  const problems: string[] = [];
  const host = given['HOST'] ?? '127.0.0.1';
  if (HOST_NAME.test(host) && !isLoopback(host) && !given['API_KEYS'])
    problems.push(
      `HOST: "${host}" can be reached from other machines and API_KEYS is not set; expected API_KEYS ${EXPECTED.API_KEYS}, or HOST 127.0.0.1`,
    );
  if (given['EVENT_STORE'] === 'eventstoredb' && !given['EVENTSTOREDB_URL'])
    problems.push(`EVENTSTOREDB_URL: not set, and EVENT_STORE is eventstoredb; expected ${EXPECTED.EVENTSTOREDB_URL}`);
  return problems;
}

function named(values: Environment): Config {
  return {
    host: values.HOST,
    port: values.PORT,
    ...(values.DATABASE_URL !== undefined && { databaseUrl: values.DATABASE_URL }),
    dataDir: values.LEDGER_DATA_DIR,
    eventStore: values.EVENT_STORE,
    ...(values.EVENTSTOREDB_URL !== undefined && { eventStoreDbUrl: values.EVENTSTOREDB_URL }),
    projector: values.PROJECTOR,
    resumeStaleAfterMs: values.RESUME_STALE_AFTER,
    statusWords: values.STATUS_WORDS,
    bodyLimit: values.BODY_LIMIT,
    apiKeys: values.API_KEYS,
    githubWebhookSecrets: [values.GITHUB_WEBHOOK_SECRET, values.GITHUB_WEBHOOK_SECRET_PREVIOUS].filter(
      (secret) => secret !== undefined,
    ),
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT,
  };
}

/**
 * Reads the configuration from `env`; an empty value counts as unset.
 * @throws StartError with every problem at once, each naming its variable and what would be right, and no secret.
 */
export function loadConfig(env: Readonly<Partial<Record<string, string>>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => complaint(issue, given));
  problems.push(...contradictions(given));
  if (!parsed.success || problems.length > 0) throw new StartError(problems);
  return named(parsed.data);
}
