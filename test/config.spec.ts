import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '../src/api-keys/api-key.js';
import { shareOfMemory } from '../src/memory.js';
import { loadConfig } from '../src/config.js';
import { isLoopback } from '../src/loopback.js';
import { StartError } from '../src/errors.js';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof StartError) return error.problems;
    throw error;
  }
  return [];
}

describe('configuration', () => {
  it('has a default for everything', () => {
    expect(loadConfig({})).toEqual({
      host: '127.0.0.1',
      port: 8080,
      dataDir: '.ledger',
      eventStore: 'postgres',
      projector: 'inline',
      resumeStaleAfterMs: 259_200_000,
      silentAfter: { ms: 900_000, exceptions: [] },
      quotas: new Map(),
      statusWords: new Map(),
      redact: { paths: [], patterns: [] },
      bodyLimit: 1_048_576,
      inFlightBytes: shareOfMemory(),
      apiKeys: [],
      webhookSecrets: [],
      trustedProxies: [],
      logLevel: 'info',
      logFormat: 'json',
    });
  });

  it('takes an empty value for unset', () => {
    expect(loadConfig({ PORT: '', API_KEYS: '', DATABASE_URL: '', GITHUB_WEBHOOK_SECRET: '' })).toEqual(loadConfig({}));
  });

  it('reads every variable', () => {
    expect(
      loadConfig({
        HOST: '127.0.0.2',
        PORT: '0',
        DATABASE_URL: 'postgresql://u:p@db:5432/ledger?sslmode=require',
        LEDGER_DATA_DIR: '/srv/my ledger',
        POSTGRES_BIN: '/usr/lib/postgresql/18/bin',
        EVENT_STORE: 'eventstoredb',
        EVENTSTOREDB_URL: 'esdb+discover://cluster:2113?tls=true',
        PROJECTOR: 'off',
        RESUME_STALE_AFTER: '90s',
        SILENT_AFTER: '20m, workflow=a:b=c:6h,target=gpu:90s',
        STATUS_WORDS: 'shipped=succeeded, On Fire = failed',
        REDACT: 'labels.token; *.password',
        BODY_LIMIT: '512KiB',
        INFLIGHT_BYTES: '1GiB',
        API_KEYS: 'ci:k1:report, ops:k2:command+read+operate , root:k3',
        TRUST_PROXY: '10.0.0.7, 192.168.0.0/16,::1,fd00::/8,loopback',
        GITHUB_WEBHOOK_SECRET: 'hush',
        GITHUB_WEBHOOK_SECRET_PREVIOUS: 'hushed',
        GITLAB_WEBHOOK_TOKEN: 'whsec_aHVzaA==',
        GITLAB_WEBHOOK_TOKEN_PREVIOUS: 'quiet',
        WEBHOOK_SECRETS: 'openai:whsec_aHVzaA==, openai:whsec_b25l,b.c-d_1:whsec_dHdv',
        LOG_LEVEL: 'debug',
        LOG_FORMAT: 'pretty',
        PATH: '/bin',
      }),
    ).toEqual({
      host: '127.0.0.2',
      port: 0,
      databaseUrl: 'postgresql://u:p@db:5432/ledger?sslmode=require',
      dataDir: '/srv/my ledger',
      postgresBin: '/usr/lib/postgresql/18/bin',
      eventStore: 'eventstoredb',
      eventStoreDbUrl: 'esdb+discover://cluster:2113?tls=true',
      projector: 'off',
      resumeStaleAfterMs: 90_000,
      silentAfter: {
        ms: 20 * 60_000,
        exceptions: [
          { by: 'workflow_id', value: 'a:b=c', ms: 6 * 3_600_000 },
          { by: 'target', value: 'gpu', ms: 90_000 },
        ],
      },
      quotas: new Map(),
      statusWords: new Map([
        ['shipped', 'succeeded'],
        ['On Fire', 'failed'],
      ]),
      redact: {
        paths: [
          ['labels', 'token'],
          ['*', 'password'],
        ],
        patterns: [],
      },
      bodyLimit: 524_288,
      inFlightBytes: 1_073_741_824,
      apiKeys: [
        { name: 'ci', digest: digestOf('k1'), weak: true, scopes: ['report'] },
        { name: 'ops', digest: digestOf('k2'), weak: true, scopes: ['command', 'read', 'operate'] },
        { name: 'root', digest: digestOf('k3'), weak: true, scopes: ['report', 'command', 'read', 'operate'] },
      ],
      trustedProxies: ['10.0.0.7', '192.168.0.0/16', '::1', 'fd00::/8', 'loopback'],
      githubWebhookSecret: 'hush',
      githubWebhookSecretPrevious: 'hushed',
      gitlabWebhookToken: 'whsec_aHVzaA==',
      gitlabWebhookTokenPrevious: 'quiet',
      webhookSecrets: [
        { of: 'openai', secret: 'whsec_aHVzaA==' },
        { of: 'openai', secret: 'whsec_b25l' },
        { of: 'b.c-d_1', secret: 'whsec_dHdv' },
      ],
      logLevel: 'debug',
      logFormat: 'pretty',
    });
  });

  it.each([
    ['3d', 259_200_000],
    ['12 h', 43_200_000],
    ['1.5m', 90_000],
    ['90S', 90_000],
    ['1500ms', 1_500],
    ['1s', 1_000],
  ])('reads the duration %s', (text, ms) => {
    expect(loadConfig({ RESUME_STALE_AFTER: text }).resumeStaleAfterMs).toBe(ms);
  });

  it.each([
    ['1 MiB', 1_048_576],
    ['512KiB', 524_288],
    ['2MB', 2_000_000],
    ['65536', 65_536],
    ['1.5 mib', 1_572_864],
    ['64MiB', 67_108_864],
  ])('reads the size %s', (text, bytes) => {
    expect(loadConfig({ BODY_LIMIT: text }).bodyLimit).toBe(bytes);
  });

  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80 80'],
    ['PORT', '8080.5'],
    ['HOST', 'not a host'],
    ['EVENT_STORE', 'mongo'],
    ['PROJECTOR', 'Inline'],
    ['RESUME_STALE_AFTER', '3'],
    ['RESUME_STALE_AFTER', '999ms'],
    ['RESUME_STALE_AFTER', '-3d'],
    ['RESUME_STALE_AFTER', '3 weeks'],
    ['RESUME_STALE_AFTER', 'soon'],
    ['RESUME_STALE_AFTER', '1e3s'],
    ['RESUME_STALE_AFTER', '3constructor'],
    ['BODY_LIMIT', '0'],
    ['BODY_LIMIT', '1 GiB'],
    ['BODY_LIMIT', 'MiB'],
    ['TRUST_PROXY', 'on'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '10.0.0/8'],
    ['TRUST_PROXY', 'off,10.0.0.1'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_FORMAT', 'xml'],
    ['LEDGER_DATA_DIR', 'a\0b'],
  ])('names %s when it is %j, what stands there and what would be right', (variable, value) => {
    const problems = problemsOf({ [variable]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${variable}: ${JSON.stringify(value)} cannot be used; expected `);
  });

  it.each([
    ['shipped', '"shipped" is not of the form word=status'],
    ['shipped=', '"shipped=" is not of the form word=status'],
    ['a=b=failed', '"a=b=failed" is not of the form word=status'],
    ['a=failed,', '"" is not of the form word=status'],
    ['=failed', '"=failed" has no word'],
    ['shipped=sent', '"shipped=sent" names no status: "sent"'],
    ['Running=failed', '"Running=failed" would read a word of the ledger itself otherwise'],
    ['on_fire=failed,OnFire=timeout', '"OnFire=timeout" is the second about its word'],
  ])('names what is wrong in STATUS_WORDS %j, and what is allowed', (value, wrong) => {
    const problems = problemsOf({ STATUS_WORDS: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`STATUS_WORDS: ${wrong}; expected word=status, comma-separated`);
    expect(problems[0]).toContain('succeeded, failed, timeout, cancelled');
  });

  it.each([
    ['15', '"15" has no duration'],
    ['15m,20m', '"20m" is the second duration for all others'],
    ['workflow=x', '"workflow=x" has no duration'],
    ['workflow=:5m', '"workflow=:5m" has no duration'],
    ['kind=x:5m', '"kind=x:5m" has no duration'],
    ['15m,target=x:never', '"target=x:never" has no duration'],
    ['0s', '"0s" has no duration of 1 s to 36500 d'],
  ])('names what is wrong in SILENT_AFTER %j', (value, wrong) => {
    const problems = problemsOf({ SILENT_AFTER: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`SILENT_AFTER: ${wrong}`);
  });

  it.each([
    'esdb://one:2113,two:2113,three:2113?tls=false',
    'kurrentdb://admin:s3cret@one,two:2113',
    'esdb://[::1]:2113',
  ])('takes the hosts of a cluster: %s', (address) => {
    expect(loadConfig({ EVENT_STORE: 'eventstoredb', EVENTSTOREDB_URL: address }).eventStoreDbUrl).toBe(address);
  });

  it('tells all problems at once', () => {
    const problems = problemsOf({
      PORT: 'x',
      LOG_LEVEL: 'y',
      HOST: '0.0.0.0',
      EVENT_STORE: 'eventstoredb',
      DATABASE_URL: 'z',
    });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'PORT',
      'DATABASE_URL',
      'LOG_LEVEL',
      'HOST',
      'EVENTSTOREDB_URL',
    ]);
  });

  it.each([
    ['DATABASE_URL', 'mysql://root:s3cret@db/ledger'],
    ['DATABASE_URL', 's3cret'],
    ['EVENTSTOREDB_URL', 'http://admin:s3cret@esdb:2113'],
    ['API_KEYS', 's3cret'],
    ['API_KEYS', 'ci:'],
    ['API_KEYS', ':s3cret'],
    ['API_KEYS', 'ci:s3cret:admin'],
    ['API_KEYS', 'ci:s3cret:'],
    ['API_KEYS', 'ci:s3:cret:report'],
    ['API_KEYS', 'ci:s3 cret'],
    ['API_KEYS', 'ci:s3cret,'],
    ['API_KEYS', 'ci:sha256:s3cret'],
    ['API_KEYS', 'ci:s3cret,cd:s3cret'],
  ])('never prints what stands in %s', (variable, value) => {
    const problems = problemsOf({ [variable]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${variable}: .*; expected `));
    expect(problems.join()).not.toMatch(/s3/);
  });

  it('refuses a host that others can reach while there are no keys', () => {
    expect(problemsOf({ HOST: '0.0.0.0' })[0]).toMatch(/^HOST: .*API_KEYS is not set/);
    expect(problemsOf({ HOST: '::' })).toHaveLength(1);
    expect(problemsOf({ HOST: 'ledger.example' })).toHaveLength(1);
    expect(problemsOf({ HOST: '0.0.0.0', API_KEYS: `ci:${'k'.repeat(20)}` })).toEqual([]);
    expect(problemsOf({ HOST: '127.8.9.1' })).toEqual([]);
  });

  it('knows loopback names', () => {
    expect(['localhost', 'LOCALHOST', '127.0.0.1', '127.255.0.1', '::1', '::ffff:127.0.0.1'].map(isLoopback)).toEqual(
      Array(6).fill(true),
    );
    expect(['0.0.0.0', '::', '128.0.0.1', 'localhost.example', '127.0.0.1.example', ''].map(isLoopback)).toEqual(
      Array(6).fill(false),
    );
  });

  it('refuses a key that can be found by trying where others can reach the ledger', () => {
    const keys = `ci:${'k'.repeat(19)},ops:sha256:${'0'.repeat(64)}`;
    expect(problemsOf({ HOST: '0.0.0.0', API_KEYS: keys })).toEqual([
      'API_KEYS: "0.0.0.0" can be reached from other machines, and the key of ci can be found by trying; expected 20 characters or more',
    ]);
    expect(problemsOf({ API_KEYS: keys })).toEqual([]);
  });

  it('takes a certificate with its key alone', () => {
    for (const one of ['TLS_CERT_FILE', 'TLS_KEY_FILE'])
      expect(problemsOf({ [one]: '/x.pem' })).toEqual([
        'TLS_CERT_FILE, TLS_KEY_FILE: one is set and the other is not; expected both or none',
      ]);
  });
});

describe('secrets in files', () => {
  let folder: string;
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'ledger-config-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('every secret is read from a file as well', () => {
    expect(
      loadConfig({
        DATABASE_URL_FILE: file('url', 'postgres://u:p@db/ledger\n'),
        EVENTSTOREDB_URL_FILE: file('esdb', 'esdb://db:2113\r\n'),
        GITHUB_WEBHOOK_SECRET_FILE: file('secret', 'hush'),
        GITHUB_WEBHOOK_SECRET_PREVIOUS_FILE: file('before', ' with blanks \n'),
        GITLAB_WEBHOOK_TOKEN_FILE: file('token', 'quiet\n'),
      }),
    ).toMatchObject({
      databaseUrl: 'postgres://u:p@db/ledger',
      eventStoreDbUrl: 'esdb://db:2113',
      githubWebhookSecret: 'hush',
      githubWebhookSecretPrevious: ' with blanks ',
      gitlabWebhookToken: 'quiet',
    });
  });

  it('secrets of webhooks are read a line each, and told entry by entry without their text', () => {
    const lines = file('webhooks', 'a:whsec_b25l\nb:whsec_dHdv\n');
    const [one, two] = [
      { of: 'a', secret: 'whsec_b25l' },
      { of: 'b', secret: 'whsec_dHdv' },
    ];
    expect(loadConfig({ WEBHOOK_SECRETS_FILE: lines }).webhookSecrets).toEqual([one, two]);
    const problems = problemsOf({ WEBHOOK_SECRETS: 'whsec_s3cret,a:s3cret,/:whsec_b25l' });
    expect(problems.map((problem) => problem.split(';')[0])).toEqual([
      'WEBHOOK_SECRETS: entry 1 has no name of letters, digits, ".", "_" and "-" before its ":"',
      'WEBHOOK_SECRETS: the secret of a is not whsec_ and base64',
      'WEBHOOK_SECRETS: entry 3 has no name of letters, digits, ".", "_" and "-" before its ":"',
    ]);
  });

  it('what begins as a signing token and is none is told at the start', () => {
    expect(problemsOf({ GITLAB_WEBHOOK_TOKEN: 'whsec_s3cret' })).toEqual([
      expect.stringMatching(
        /^GITLAB_WEBHOOK_TOKEN: its value cannot be used; expected the secret token or the signing token/,
      ),
    ]);
  });

  it('says which of them is wrong, and nothing that stands in it', () => {
    const gone = join(folder, 'gone');
    expect(problemsOf({ DATABASE_URL_FILE: file('url', 's3cret') })).toEqual([
      'DATABASE_URL_FILE: its value cannot be used; expected postgres://user:password@host:5432/database',
    ]);
    expect(problemsOf({ GITHUB_WEBHOOK_SECRET_FILE: gone })).toEqual([
      `GITHUB_WEBHOOK_SECRET_FILE: ${JSON.stringify(gone)} cannot be read (ENOENT); expected the path of a file that this user may read`,
    ]);
    const empty = file('empty', '\n');
    expect(problemsOf({ GITHUB_WEBHOOK_SECRET_FILE: empty })).toEqual([
      `GITHUB_WEBHOOK_SECRET_FILE: ${JSON.stringify(empty)} is empty; expected the secret set at the webhook`,
    ]);
    expect(problemsOf({ API_KEYS: 'ci:k', API_KEYS_FILE: file('keys', 'ci s3cret') })).toEqual([
      'API_KEYS: it is set, and so is API_KEYS_FILE; expected one of them',
    ]);
  });

  const hex = '0123456789abcdefABCDEF'.padEnd(64, '0');
  it('reads keys line by line', () => {
    const text = [
      '# of the CI',
      '',
      'ci  key-of-ci\treport+read ids=ci/* until=2027-01-31',
      `  ci sha256:${hex}`,
      'ops key-of-ops until=2027-01-31T12:00:00+01:00',
    ].join('\r\n');
    const scopes = ['report', 'command', 'read', 'operate'];
    const API_KEYS_FILE = file('keys', text);
    expect(loadConfig({ API_KEYS_FILE })).toMatchObject({
      apiKeysFile: API_KEYS_FILE,
      apiKeys: [
        { name: 'ci', digest: digestOf('key-of-ci'), scopes: ['report', 'read'], ids: 'ci/', until: Date.UTC(2027, 1) },
        { name: 'ci', digest: Buffer.from(hex, 'hex'), scopes },
        { name: 'ops', digest: digestOf('key-of-ops'), scopes, until: Date.UTC(2027, 0, 31, 11) },
      ],
    });
  });

  it.each([
    ['\n# ci s3cret\n', 'there is no key'],
    ['ci', 'line 1 has no key of visible ASCII characters'],
    ['#\nc:i s3cret', 'line 2 has no valid name'],
    ['ledger s3cret', "line 1 has a name that no key can have: ledger and anonymous are the ledger's own"],
    ['ci one\nanonymous s3cret', "line 2 has a name that no key can have: ledger and anonymous are the ledger's own"],
    ['ci sha256:s3cret', 'line 1 has "sha256:" without 64 hexadecimal digits'],
    ['ci s3cret admin', 'line 1 has an unknown scope'],
    ['ci s3cret report read', 'line 1 has a part too many: scopes are joined by "+"'],
    ['ci s3cret report id=ci/*', 'line 1 has an unknown option: ids=prefix* and until=date are known'],
    ['ci s3cret ids=ci/', 'line 1 has "ids=" without a prefix and its "*", as ids=ci/*'],
    ['ci s3cret ids=*', 'line 1 has "ids=" without a prefix and its "*", as ids=ci/*'],
    ['ci s3cret ids=ci/* ids=cd/*', 'line 1 has an option twice'],
    ['ci s3cret until=2027-02-30', 'line 1 has "until=" without a date, as until=2027-01-31'],
    ['ci s3cret until=tomorrow', 'line 1 has "until=" without a date, as until=2027-01-31'],
    ['ci s3cret report\nops s3cret', 'line 2 has a key that stands before it'],
  ])('names what is wrong in a file of keys %j, and not the key', (text, wrong) => {
    const problems = problemsOf({ API_KEYS_FILE: file('keys', text) });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(
      `API_KEYS_FILE: ${wrong}; expected lines of "name key [scopes] [ids=prefix*] [until=date]"`,
    );
    expect(problems[0]).not.toContain('s3cret');
  });
});
