import { z } from 'zod';
import { apiKeyLines, apiKeys, SCOPES } from './api-keys/api-key.js';
import { STATUSES } from './domain/status.js';
import { quotas } from './quota.js';
import { trustedProxies } from './trusted-proxies.js';
import { shareOfMemory } from './memory.js';
import { duration, size } from './quantity-schemas.js';
import { redactionRules } from './redaction/rules.js';
import { SILENT_BY_DEFAULT, silentAfter } from './silent-after.js';
import { webhookSecrets } from './sources/webhooks/secrets.js';
import { STANDARD_SECRET } from './sources/webhooks/signature.js';
import { statusWords } from './status-words.js';

/** How a text is read, and what would be right: the second half of every complaint. */
export interface Form<S extends z.ZodType = z.ZodType> {
  readonly expected: string;
  readonly schema: S;
}

export interface Traits {
  /** Never repeated in a message; it may be kept in the file that `<name>_FILE` names. */
  readonly secret?: true;
  /** What is wrong with it is told entry by entry. */
  readonly entries?: true;
  /** How it is written in a file, where that differs. */
  readonly inFile?: Form;
}

/** An environment variable. */
export interface Variable<S extends z.ZodType = z.ZodType> extends Form<S>, Traits {
  readonly name: string;
}

const variable = <S extends z.ZodType>(
  name: string,
  expected: string,
  schema: S,
  traits: Traits = {},
): Variable<S> => ({
  name,
  expected,
  schema,
  ...traits,
});

const SECRET = { secret: true } as const;
const MIB = 2 ** 20;
const HOST_NAME = /^[\w.:%-]+$/;
const url = (protocol: RegExp) => z.url({ protocol });
/** Only its client can read it whole: a list of hosts with their ports is no URL elsewhere. */
const eventStoreDbUrl = z.string().regex(/^(esdb|kurrentdb|kurrent|kdb)(\+discover)?:\/\/\S+$/);
const path = z.string().regex(/^[^\0]*$/);

const SCOPE_WORDS = `scopes ${SCOPES.join(', ')}, joined by +; default all`;

const GITLAB_TOKEN = 'the secret token or the signing token (whsec_ and base64) of the webhook, now or before';
/** What begins as a signing token and is none would be taken for a secret token, and refuse every delivery. */
const gitlabToken = z.string().refine((token) => !token.startsWith('whsec_') || STANDARD_SECRET.test(token));

/** Every variable by its name in the program; meanings and defaults are documented in the README. */
export const VARIABLES = {
  host: variable(
    'HOST',
    'an IP address or host name to listen on, such as 127.0.0.1',
    z.string().regex(HOST_NAME).default('127.0.0.1'),
  ),
  port: variable(
    'PORT',
    'a whole number from 0 (any free port) to 65535, such as 8080',
    z.string().regex(/^\d+$/).transform(Number).pipe(z.number().max(65_535)).default(8080),
  ),
  /** Unset: the embedded PostgreSQL under `dataDir`. */
  databaseUrl: variable(
    'DATABASE_URL',
    'postgres://user:password@host:5432/database',
    url(/^postgres(ql)?$/).optional(),
    SECRET,
  ),
  /** Unset: `databaseUrl` is the owner's, too. */
  databaseOwnerUrl: variable(
    'DATABASE_OWNER_URL',
    'postgres://owner:password@host:5432/database',
    url(/^postgres(ql)?$/).optional(),
    SECRET,
  ),
  dataDir: variable('LEDGER_DATA_DIR', 'the path of a folder, such as .ledger', path.default('.ledger')),
  /** Unset: the programs that come with the ledger. */
  postgresBin: variable('POSTGRES_BIN', 'the path of a folder, such as /usr/lib/postgresql/18/bin', path.optional()),
  /** Bytes; unset: 5 % of the disk or 256 MiB, whichever is less. */
  diskReserve: variable(
    'DISK_RESERVE',
    'a size from 1 KiB to 1024 GiB, such as 512MiB',
    size(1_024, 1024 * 1024 * MIB).optional(),
  ),
  eventStore: variable(
    'EVENT_STORE',
    'postgres, eventstoredb or kurrentdb, which is the same',
    z
      .enum(['postgres', 'eventstoredb', 'kurrentdb'])
      .default('postgres')
      .transform((name) => (name === 'postgres' ? name : 'eventstoredb')),
  ),
  eventStoreDbUrl: variable(
    'EVENTSTOREDB_URL',
    'esdb://host:2113?tls=true, or several hosts: esdb://one:2113,two:2113,three:2113',
    eventStoreDbUrl.optional(),
    SECRET,
  ),
  /** Unset: the log that the read models are of already. */
  eventStoreDbLogId: variable(
    'EVENTSTOREDB_LOG_ID',
    'the id of a log, as the start on it tells it: 01890a5d-ac96-774b-bcce-b302099a8057',
    z.guid().toLowerCase().optional(),
  ),
  projector: variable('PROJECTOR', 'inline or off', z.enum(['inline', 'off']).default('inline')),
  /** Milliseconds of silence after which a running execution may be taken over (docs/semantics.md §1, "stale"). */
  resumeStaleAfterMs: variable(
    'RESUME_STALE_AFTER',
    'a duration of 1 s to 36500 d, such as 3d, 12h, 90s or 1500ms',
    duration.default(3 * 86_400_000),
  ),
  /** What is shown as silent, and when (docs/semantics.md §1). */
  silentAfter: variable(
    'SILENT_AFTER',
    'durations, comma-separated, such as 15m,workflow=nightly:6h,target=gpu:1h; one without a name is for all others',
    silentAfter.default(SILENT_BY_DEFAULT),
    { entries: true },
  ),
  /** Words that producers use beyond the table, or otherwise than it says. */
  statusWords: variable(
    'STATUS_WORDS',
    `word=status, comma-separated, such as shipped=succeeded; status one of ${STATUSES.join(', ')}`,
    statusWords.default(new Map()),
    { entries: true },
  ),
  /** Empty: nothing is replaced. */
  redact: variable(
    'REDACT',
    'paths and patterns separated by ;, such as input.*.password; /gh[pousr]_[A-Za-z0-9]{36}/ (flags i, m, s)',
    redactionRules.default({ paths: [], patterns: [] }),
    { entries: true },
  ),
  /** Bytes. */
  bodyLimit: variable(
    'BODY_LIMIT',
    'a size from 1 KiB to 64 MiB, such as 1 MiB, 512KiB, 2MB or 65536 (bytes)',
    size(1_024, 64 * MIB).default(MIB),
  ),
  /** Bytes of bodies and answers held at once. */
  inFlightBytes: variable(
    'INFLIGHT_BYTES',
    'a size from 16 MiB to 64 GiB, such as 128 MiB or 1GB',
    size(16 * MIB, 65_536 * MIB).default(() => Math.max(16 * MIB, shareOfMemory())),
  ),
  /** Empty: the loopback endpoint without keys. */
  apiKeys: variable('API_KEYS', `name:key[:scopes], comma-separated; ${SCOPE_WORDS}`, apiKeys.default([]), {
    ...SECRET,
    entries: true,
    inFile: {
      expected: `lines of "name key [scopes] [ids=prefix*] [until=date]"; ${SCOPE_WORDS}`,
      schema: apiKeyLines,
    },
  }),
  /** Reports per second by the names of API keys; empty: as many as they like. */
  quotas: variable(
    'QUOTA',
    'name:reports/s, comma-separated, such as ci:100,*:1000; * for every other key',
    quotas.default(new Map()),
    { entries: true },
  ),
  /** Empty: none is, and the address of a caller is that of the connection. */
  trustedProxies: variable(
    'TRUST_PROXY',
    'off, or addresses and networks of proxies, comma-separated, such as 10.0.0.7,192.168.0.0/16,loopback',
    trustedProxies.default([]),
  ),
  githubWebhookSecret: variable(
    'GITHUB_WEBHOOK_SECRET',
    'the secret set at the webhook',
    z.string().optional(),
    SECRET,
  ),
  githubWebhookSecretPrevious: variable(
    'GITHUB_WEBHOOK_SECRET_PREVIOUS',
    'the secret that was set at the webhook before',
    z.string().optional(),
    SECRET,
  ),
  gitlabWebhookToken: variable('GITLAB_WEBHOOK_TOKEN', GITLAB_TOKEN, gitlabToken.optional(), SECRET),
  gitlabWebhookTokenPrevious: variable('GITLAB_WEBHOOK_TOKEN_PREVIOUS', GITLAB_TOKEN, gitlabToken.optional(), SECRET),
  /** Of Standard Webhooks, by the name in their address; empty: none. */
  webhookSecrets: variable(
    'WEBHOOK_SECRETS',
    'name:whsec_…, comma-separated or a line each; several of one name while it is replaced',
    webhookSecrets.default([]),
    { ...SECRET, entries: true },
  ),
  /** Both or none. */
  tlsCertFile: variable('TLS_CERT_FILE', 'the path of a certificate chain in PEM', path.optional()),
  tlsKeyFile: variable('TLS_KEY_FILE', 'the path of its private key in PEM', path.optional()),
  logLevel: variable(
    'LOG_LEVEL',
    'error, warn, info or debug',
    z.enum(['error', 'warn', 'info', 'debug']).default('info'),
  ),
  logFormat: variable('LOG_FORMAT', 'json or pretty', z.enum(['json', 'pretty']).default('json')),
};
