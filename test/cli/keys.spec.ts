import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { apiKeyLines, digestOf } from '../../src/api-keys/api-key.js';
import { keysCommand, type KnownKeys } from '../../src/cli/keys.js';

let said = '';
let shown = '';
const { stdout, stderr } = process;
const writes = [stdout.write, stderr.write] as const;
beforeEach(() => {
  said = shown = '';
  stdout.write = ((text: string) => Boolean((said += text))) as typeof stdout.write;
  stderr.write = ((text: string) => Boolean((shown += text))) as typeof stderr.write;
});
afterEach(() => void ([stdout.write, stderr.write] = writes));

const scopes = ['report', 'command', 'read', 'operate'] as const;
const KNOWN: KnownKeys = {
  keys: [
    { name: 'ci', digest: digestOf('1'), scopes: ['report', 'read'], ids: 'ci/', until: Date.UTC(2126, 0) },
    { name: 'ops', digest: digestOf('2'), scopes, until: 0 },
  ],
  uses: new Map([[digestOf('1').toString('hex').slice(0, 8), Date.UTC(2026, 10, 29)]]),
};
const run = async (args: readonly string[], known = KNOWN): Promise<string> => {
  const command = keysCommand(async () => known).exitOverride();
  await command.parseAsync([...args], { from: 'user' });
  return said;
};

it('a new key is shown once, and its line is taken as that key and no other', async () => {
  const line = (
    await run(['new', 'ci', '--scopes', 'report+read', '--ids', 'ci/*', '--until', '2027-01-31'])
  ).trimEnd();
  const [key = ''] = /ledger_[\w-]{43}/.exec(shown) ?? [];
  expect(line).toMatch(/^ci sha256:[0-9a-f]{64} report\+read ids=ci\/\* until=2027-01-31$/);
  expect(apiKeyLines.parse(line)).toEqual([
    { name: 'ci', digest: digestOf(key), scopes: ['report', 'read'], ids: 'ci/', until: Date.UTC(2027, 1) },
  ]);
  expect(said).not.toContain(key);
  shown = '';
  await run(['new', 'ci']);
  expect(shown).not.toContain(key);
});

it.each([
  [['new', 'c:i'], 'the line would have no valid name; see execution-ledger keys new --help'],
  [['new', 'ci', '--scopes', 'admin'], 'the line would have an unknown scope'],
  [['new', 'ci', '--scopes', 'report read'], 'the line would have a part too many'],
  [['new', 'ci', '--scopes', ''], 'a value is empty, or has a blank or "=" in it'],
  [['new', 'ci', '--scopes', 'ids=ci/*'], 'a value is empty, or has a blank or "=" in it'],
  [['new', 'ci', '--ids', 'ci/'], 'the line would have "ids=" without a prefix'],
  [['new', 'ci', '--ids', 'c i*'], 'the line would have'],
  [['new', 'ci', '--until', 'soon'], 'the line would have "until=" without a date'],
])('%j is refused: %s', async (args, wrong) => {
  await expect(run(args)).rejects.toThrow(wrong);
  expect(said + shown).toBe('');
});

it('a list shows what each may do, until when, and its last use; never a key', async () => {
  const text = await run(['list']);
  expect(text).toMatch(
    /│ ci +│ 6b86b273 │ report\+read │ ci\/\* │ 2126-01-01T00:00:00.000Z +│ 2026-11-29T00:00:00.000Z │/,
  );
  expect(text).toMatch(/│ ops +│ d4735e3a │ all +│ all +│ 1970-01-01T00:00:00.000Z \(ended\) │ never +│/);
  said = '';
  expect(await run(['list'], { keys: KNOWN.keys })).toMatch(/│ not known/);
});
