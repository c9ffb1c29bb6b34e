import { describe, expect, it } from '@jest/globals';
import { parseJson, stringifyJson } from '../src/encoding/json.js';
import { loadConfig } from '../src/config.js';
import { redactedIn, Redaction } from '../src/redaction/redaction.js';

const TOKEN = `ghp_${'a1B2'.repeat(9)}`;
const PATTERN = '/gh[pousr]_[A-Za-z0-9]{36}/';

const redaction = (rules: string): Redaction => new Redaction(loadConfig({ REDACT: rules }).redact);

/** The body as it is kept, and where something was replaced in it. */
async function kept(rules: string, json: string): Promise<[string, readonly string[] | undefined]> {
  const body = await redaction(rules).body(parseJson(json));
  return [stringifyJson(body), redactedIn(body)];
}

it.each([
  [
    'input.*.password',
    '{"input":{"db":{"password":"p","user":"u"}}}',
    '{"input":{"db":{"password":"[redacted]","user":"u"}}}',
    ['input.db.password'],
  ],
  [
    'input.*.password',
    '{"input_data":{"db":{"password":1}}}',
    '{"input_data":{"db":{"password":"[redacted]"}}}',
    ['input.db.password'],
  ],
  ['input_data.a', '{"input":{"a":{"b":1}}}', '{"input":{"a":"[redacted]"}}', ['input.a']],
  [
    'input.*.password',
    '{"input":[{"password":"p"},{"password":null}]}',
    '{"input":[{"password":"[redacted]"},{"password":null}]}',
    ['input.0.password'],
  ],
  [
    '*.password',
    '{"result":{"password":"p"},"data":{"a":{"password":"kept"}}}',
    '{"result":{"password":"[redacted]"},"data":{"a":{"password":"kept"}}}',
    ['result.password'],
  ],
  [
    'data.headers.authorization;labels.token',
    '{"data":{"headers":{"authorization":["a","b"]}},"labels":{"token":"t"}}',
    '{"data":{"headers":{"authorization":"[redacted]"}},"labels":{"token":"[redacted]"}}',
    ['data.headers.authorization', 'labels.token'],
  ],
  [
    'message ; worker ;',
    '{"message":"m","worker":"w","data":1}',
    '{"message":"[redacted]","worker":"[redacted]","data":1}',
    ['message', 'worker'],
  ],
  // What a member is kept or read as.
  ['error_details.a', '{"error":{"a":1,"message":"m"}}', '{"error":{"a":"[redacted]","message":"m"}}', ['error.a']],
  [
    'error.a',
    '{"error":"text","error_details":{"a":1}}',
    '{"error":"text","error_details":{"a":"[redacted]"}}',
    ['error_details.a'],
  ],
  ['result.a', '{"output":{"a":1}}', '{"output":{"a":"[redacted]"}}', ['output.a']],
  [PATTERN, `{"message":"with ${TOKEN}, and ${TOKEN}"}`, '{"message":"with [redacted], and [redacted]"}', ['message']],
  [PATTERN, `{"a":[[{"b":"${TOKEN}"}]],"${TOKEN}":1}`, `{"a":[[{"b":"[redacted]"}]],"${TOKEN}":1}`, ['a.0.0.b']],
  [
    '/SESAME/i;/^b$/m;/x.y/s',
    '{"a":"Open sesame","b":"a\\nb","c":"x\\ny"}',
    '{"a":"Open [redacted]","b":"a\\n[redacted]","c":"[redacted]"}',
    ['a', 'b', 'c'],
  ],
  ['/a;b\\/c/', '{"a":"1a;b/c2"}', '{"a":"1[redacted]2"}', ['a']],
  // Each sees what came, and what they match together is replaced together.
  [
    '/redacted/;/abc/;/bcd/',
    '{"a":"xabcdx","b":"abc abc"}',
    '{"a":"x[redacted]x","b":"[redacted] [redacted]"}',
    ['a', 'b'],
  ],
  [
    '/[0-9]+/',
    '{"a":9007199254740993,"b":"1","c":{"isLosslessNumber":true,"value":"12"}}',
    '{"a":9007199254740993,"b":"[redacted]","c":{"isLosslessNumber":true,"value":"[redacted]"}}',
    ['b', 'c.value'],
  ],
  ['a.b', '{"a":{"b":1e400,"c":1e400}}', '{"a":{"b":"[redacted]","c":1e400}}', ['a.b']],
  [
    'a.__proto__.b;/x/',
    '{"a":{"__proto__":{"b":1,"c":"x"},"constructor":"x"}}',
    '{"a":{"__proto__":{"b":"[redacted]","c":"[redacted]"},"constructor":"[redacted]"}}',
    ['a.__proto__.b', 'a.__proto__.c', 'a.constructor'],
  ],
  ['/x/', '{"a":"\\ud800x\\udc00\\u0000"}', '{"a":"\\ud800[redacted]\\udc00\\u0000"}', ['a']],
  ['a', '{"b":1}', '{"b":1}', undefined],
  ['/a/', '"a"', '"a"', undefined],
  // Of these another would be met: they are never kept.
  [
    '/a/',
    '{"execution_ids":["a"],"filter":{"label":"a:a"},"reason":"a"}',
    '{"execution_ids":["a"],"filter":{"label":"a:a"},"reason":"[redacted]"}',
    ['reason'],
  ],
])('%s of %s leaves %s', async (rules, json, left, paths) => {
  const [body, where] = await kept(rules, json);
  expect(body).toBe(left);
  expect(where === undefined ? undefined : [...where].sort()).toEqual(paths);
});

it('says of many places where the first hundred are, and no path is endless', async () => {
  const [, paths] = await kept('/x/', JSON.stringify({ ['k'.repeat(9_999)]: 'x', a: Array(500).fill('x') }));
  expect(paths).toHaveLength(101);
  expect(Math.max(...paths!.map(({ length }) => length))).toBe(256);
  expect(paths!.at(-1)).toBe('…');
});

it.each(['execution_id', 'event_id', 'command_id'])('a secret in %s is refused, not replaced', async (name) => {
  await expect(kept(PATTERN, `{"${name}":"a ${TOKEN}"}`)).rejects.toThrow(
    `${name}: holds what REDACT keeps out of the log`,
  );
});

describe('of a text of many pieces', () => {
  const filler = (length: number): string => 'lorem ipsum '.repeat(length / 12 + 1).slice(0, length);
  const rules = `${PATTERN};/(?:^|\\b)BEGIN[^!]+!/;/q{3,}/`;
  it.each([0, 24_540, 24_570, 24_576, 32_730, 32_760, 32_768, 49_150, 65_530])(
    'a secret at %d is found',
    async (at) => {
      const before = filler(at);
      for (const secret of [TOKEN, `BEGIN ${'key '.repeat(2_000)}!`, 'q'.repeat(100_000)]) {
        const text = `${before} ${secret} ${filler(70_000)}`;
        const [body] = await kept(rules, JSON.stringify({ message: text }));
        expect(JSON.parse(body).message === text.replace(secret, '[redacted]')).toBe(true);
      }
    },
  );

  it('a piece begins no line and no word', async () => {
    const text = 'x'.repeat(100_000);
    const [body] = await kept('/^x/;/\\bx/', JSON.stringify({ a: text }));
    expect(body === `{"a":"[redacted]${text.slice(1)}"}`).toBe(true);
  });
});

describe('a rule that cannot be used stops the start and is named', () => {
  it.each([
    ['/(a)\\1/', '"/(a)\\\\1/" is no pattern that is matched in linear time (RE2)'],
    ['message; /(?=a)/', '"/(?=a)/" is no pattern that is matched in linear time (RE2)'],
    ['/[/', '"/[/" is no pattern'],
    ['/a/x', '"/a/x" has the flag x; there are i, m, s'],
    ['/a*/', '"/a*/" matches the empty text'],
    ['/a', '"/a" is neither a path nor a /pattern/'],
    ['input..a', '"input..a" has a step without a name'],
    ['execution_id', '"execution_id" names execution_id, by which the ledger decides'],
    ['status', '"status" names status'],
    ['labels', '"labels" would be replaced by a text where none is read'],
    ['progress', '"progress" would be replaced by a text where none is read'],
    ['dry_run', '"dry_run" would be replaced'],
    ['*', '"*" would be replaced by a text where none is read'],
  ])('%s', (rules, told) => {
    expect(() => loadConfig({ REDACT: rules })).toThrow(`REDACT: ${told}`);
  });
});

it('no rules: nothing is looked at', async () => {
  const body = parseJson(`{"message":"${TOKEN}"}`);
  const off = new Redaction(loadConfig({}).redact);
  expect(off.isOff).toBe(true);
  expect(await off.body(body)).toBe(body);
});

it('however it is written, a pattern takes time in proportion to the text', async () => {
  const took = performance.now();
  await kept('/(a+)+$/', JSON.stringify({ message: 'a'.repeat(100_000) + 'b' }));
  expect(performance.now() - took).toBeLessThan(5_000);
});
