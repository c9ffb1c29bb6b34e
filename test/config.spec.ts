import { isLoopback, loadConfig } from '../src/config.js';
import { StartError } from '../src/start-error.js';

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
      statusWords: new Map(),
      bodyLimit: 1_048_576,
      apiKeys: [],
      githubWebhookSecrets: [],
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
        HOST: '0.0.0.0',
        PORT: '0',
        DATABASE_URL: 'postgresql://u:p@db:5432/ledger?sslmode=require',
        LEDGER_DATA_DIR: '/srv/my ledger',
        EVENT_STORE: 'eventstoredb',
        EVENTSTOREDB_URL: 'esdb+discover://cluster:2113?tls=true',
        PROJECTOR: 'off',
        RESUME_STALE_AFTER: '90s',
        STATUS_WORDS: 'shipped=succeeded, On Fire = failed',
        BODY_LIMIT: '512KiB',
        API_KEYS: 'ci:k1:report, ops:k2:command+read+operate , root:k3',
        GITHUB_WEBHOOK_SECRET: 'hush',
        GITHUB_WEBHOOK_SECRET_PREVIOUS: 'hushed',
        LOG_LEVEL: 'debug',
        LOG_FORMAT: 'pretty',
        PATH: '/bin',
      }),
    ).toEqual({
      host: '0.0.0.0',
      port: 0,
      databaseUrl: 'postgresql://u:p@db:5432/ledger?sslmode=require',
      dataDir: '/srv/my ledger',
      eventStore: 'eventstoredb',
      eventStoreDbUrl: 'esdb+discover://cluster:2113?tls=true',
      projector: 'off',
      resumeStaleAfterMs: 90_000,
      statusWords: new Map([
        ['shipped', 'succeeded'],
        ['On Fire', 'failed'],
      ]),
      bodyLimit: 524_288,
      apiKeys: [
        { name: 'ci', key: 'k1', scopes: ['report'] },
        { name: 'ops', key: 'k2', scopes: ['command', 'read', 'operate'] },
        { name: 'root', key: 'k3', scopes: ['report', 'command', 'read', 'operate'] },
      ],
      githubWebhookSecrets: ['hush', 'hushed'],
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
    ['API_KEYS', 'ci:s3cret,ci:s3cret2'],
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
    expect(problemsOf({ HOST: '0.0.0.0', API_KEYS: 'ci:k' })).toEqual([]);
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
});
