import { VARIABLES } from './variables.js';

/** What each variable is for, and what holds where it is not set: the README's table in a line each. */
const MEANINGS: Readonly<Record<keyof typeof VARIABLES, string>> = {
  host: 'address to listen on; default 127.0.0.1',
  port: 'port to listen on; default 8080, 0 takes a free one',
  databaseUrl: 'your own PostgreSQL; default the embedded one',
  databaseOwnerUrl: 'the same database as the role that owns the log',
  dataDir: 'folder of the embedded PostgreSQL; default .ledger',
  postgresBin: 'folder of the programs that run the embedded PostgreSQL',
  diskReserve: 'room kept free on its disk; default 5 % or 256 MiB',
  eventStore: 'where the log is kept: postgres (default) or eventstoredb',
  eventStoreDbUrl: 'address of EventStoreDB or KurrentDB',
  eventStoreDbLogId: 'id of the log there, for a new database of read models',
  projector: 'off: another process makes the read models',
  resumeStaleAfterMs: 'silence before a run may be taken over; default 3d',
  silentAfter: 'silence before a run is shown as silent; default 15m',
  statusWords: 'status words of your producers, as word=status',
  redact: 'paths and patterns of secrets that are kept out of the log',
  bodyLimit: 'largest body of a request; default 1 MiB',
  inFlightBytes: 'bytes of bodies and answers held at once',
  apiKeys: 'who may call, as name:key[:scopes]; default nobody off loopback',
  quotas: 'reports per second of each key, as name:number',
  trustedProxies: 'proxies that may name the address of a caller; default off',
  githubWebhookSecret: 'secret of the GitHub webhook',
  githubWebhookSecretPrevious: 'the secret before it, while it is replaced',
  gitlabWebhookToken: 'secret token or signing token of the GitLab webhook',
  gitlabWebhookTokenPrevious: 'the token before it, while it is replaced',
  webhookSecrets: 'secrets of Standard Webhooks: name:whsec_…, comma-separated',
  tlsCertFile: 'file of the certificate chain in PEM: the ledger speaks TLS',
  tlsKeyFile: 'file of its private key in PEM',
  logLevel: 'error, warn, info (default) or debug',
  logFormat: 'json (default) or pretty',
};

const names = Object.keys(MEANINGS) as (keyof typeof VARIABLES)[];

/** The environment variables that the ledger reads, as `--help` shows them: at most 100 columns. */
export function environmentHelp(): string {
  const width = Math.max(...names.map((name) => VARIABLES[name].name.length));
  const lines = names.map((name) => {
    const { name: written, secret } = VARIABLES[name] as { name: string; secret?: true };
    return `  ${written.padEnd(width)}  ${MEANINGS[name]}${secret ? ' *' : ''}`;
  });
  return [
    '',
    'Environment variables, as the server has them:',
    ...lines,
    '  * may be kept in a file instead, whose path is given as <name>_FILE',
    'Commands that ask a running ledger read LEDGER_URL and LEDGER_KEY instead: docs/command-line.md',
  ].join('\n');
}
