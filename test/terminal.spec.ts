import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { verdictsTable } from '../src/cli/demo/print.js';
import { operationLines, details, driftLine } from '../src/cli/projections/print.js';
import { tell, tellColoured } from '../src/cli/terminal.js';
import { Problem, invalid } from '../src/contract/problem.js';
import type { ProjectionView } from '../src/contract/projections.js';
import { LedgerLogger } from '../src/composition/ledger-logger.js';

/** An id as somebody writes it who wants the line to say something else. */
const EVIL = 'a\x1b[2K\r\x9b\u202eb\u200b\nall is well';
const SHOWN = 'a\\u001b[2K\\u000d\\u009b\\u202eb\\u200b\\u000aall is well';
const ACTS = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200b\u202e]/;

const drift = {
  rows: 1,
  fields: { status: 1 },
  sample: [{ execution_id: EVIL, field: 'f', live: EVIL, rebuilt: EVIL }],
};
const ended = { state: 'failed', error: EVIL, finished_at: 'then' };
const view = {
  ...{ name: 'p', state: 'live', version: 1, checkpoint: '1', head: '1', lag_ms: 0, parked_count: 1 },
  parked: [{ position: '1', event_type: EVIL, execution_id: EVIL, error: EVIL }],
  ...{ rebuild: ended, verify: ended, rollback: ended },
} as unknown as ProjectionView;

describe('what the command line prints', () => {
  it('of a projection: no value acts on the terminal or begins a line', () => {
    const lines = details(view).split('\n');
    expect(lines).toHaveLength(7);
    expect(lines.at(-1)).toBe(`    1 ${SHOWN} of ${SHOWN}: ${SHOWN}`);
    expect(operationLines(view)[0]).toBe(`rebuild: failed then, ${SHOWN}`);
    expect(driftLine({ drift } as never)).toContain(`first ${SHOWN}: f is ${SHOWN} and should be ${SHOWN}`);
  });

  it('of what a ledger answered to the demo', () => {
    expect(verdictsTable([[{ verdict: EVIL, execution_id: 'e' }]])).toContain(SHOWN);
  });

  it('in the end, whatever it is; JSON stays the same JSON', () => {
    let written = '';
    const screen = { write: (text: string) => (written += text) };
    tell(screen, `it failed:\n\t${EVIL}`);
    expect(written).toBe(`it failed:\n\t${SHOWN.replace('\\u000a', '\n')}\n`);
    written = '';
    tell(screen, JSON.stringify({ drift }));
    expect(written).not.toMatch(ACTS);
    expect(JSON.parse(written)).toEqual({ drift });
  });
});

it('text that is printed with colours has no other control sequences', () => {
  let written = '';
  tellColoured({ write: (text: string) => (written += text) }, `\x1b[31mred\x1b[39m ${EVIL}\x1b[1;1H`);
  expect(written).toBe(`\x1b[31mred\x1b[39m ${SHOWN.replace('\\u000a', '\n')}\\u001b[1;1H\n`);
});

describe.each(['pretty', 'json'] as const)('the log, %s', (logFormat) => {
  const { stdout, stderr } = process;
  const writes = [stdout.write, stderr.write] as const;
  let written: string;
  beforeEach(() => {
    written = '';
    stdout.write = stderr.write = (text) => Boolean((written += String(text)));
  });
  afterEach(() => void ([stdout.write, stderr.write] = writes));

  const logger = (colors: boolean) => new LedgerLogger({ logFormat, logLevel: 'debug' }, colors);
  const line = { event: 'projection.event_rejected', execution_id: EVIL, error: EVIL };

  it('has nothing in it that acts on a terminal', () => {
    for (const said of [line, EVIL, new Error(EVIL), [EVIL]]) {
      logger(false).error(said, 'http');
      logger(false).warn(said, EVIL);
    }
    logger(false).error('it failed', `Error: ${EVIL}\n    at f (x.ts:1:1)`, 'http');
    expect(written).toContain('\\u202e');
    expect(written).not.toMatch(ACTS);
  });

  it('says of a value what it is', () => {
    logger(false).log(line);
    if (logFormat === 'json') expect(JSON.parse(written).message).toEqual(line);
    else expect(written).toMatch(/execution_id: 'a\\x1B\[2K\\r\\x9B\\u202eb\\u200b\\n/);
  });

  // Whoever sets NO_COLOR wants none (no-color.org); the machine that the tests run on may.
  const { NO_COLOR } = process.env;
  afterEach(() => {
    if (NO_COLOR === undefined) delete process.env['NO_COLOR'];
    else process.env['NO_COLOR'] = NO_COLOR;
  });

  it.each(['', '1'])('colours what it says on a terminal, and nothing else does: NO_COLOR=%s', (noColor) => {
    process.env['NO_COLOR'] = noColor;
    logger(true).warn(EVIL);
    logger(true).warn(line);
    expect(written.replace(/\x1b\[\d{1,2}(;\d+)*m/g, '')).not.toMatch(ACTS);
    expect(written.includes('\x1b[33m')).toBe(logFormat === 'pretty' && noColor === '');
    expect(written).not.toContain('\x1b[2K');
  });
});

it('a problem shows control characters of what was sent as text', () => {
  const { details, message } = invalid(`labels.${EVIL}`, `"${EVIL}" is too long`);
  expect(details).toMatchObject({
    detail: `labels.${SHOWN}: "${SHOWN}" is too long`,
    error: `labels.${SHOWN}: "${SHOWN}" is too long`,
    issues: [{ path: `labels.${SHOWN}`, message: `"${SHOWN}" is too long` }],
  });
  expect(message).toBe(details.detail);
  expect(Problem.refused('not_found', EVIL, {}).details).toMatchObject({ detail: SHOWN, error: SHOWN });
});
