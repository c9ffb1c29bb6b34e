import {
  isSealed,
  isTerminal,
  OPEN_STATUSES,
  STATUSES,
  TERMINAL_STATUSES,
  type Authority,
  type Status,
} from '../../src/domain/status.js';
import { executionStream, parseAttemptedId, parseStream, refusedStream, reportAs } from '../../src/domain/stream.js';
import { currentOf, isRefusal, VERDICTS } from '../../src/domain/verdict.js';
import { existing, given, standing } from '../support/domain/given.js';
import { answers, grid } from '../support/domain/grid.js';

describe('§1 statuses', () => {
  it('are five open ones and four outcomes', () => {
    expect(OPEN_STATUSES).toEqual(['pending', 'queued', 'running', 'waiting', 'paused']);
    expect(TERMINAL_STATUSES).toEqual(['succeeded', 'failed', 'timeout', 'cancelled']);
    expect(STATUSES.filter(isTerminal)).toEqual(TERMINAL_STATUSES);
  });
});

describe('§1 sealed: succeeded or cancelled, by worker or operator', () => {
  const SEALED = grid(`
              | none operator worker watchdog
    pending   | -    -        -      -
    queued    | -    -        -      -
    running   | -    -        -      -
    waiting   | -    -        -      -
    paused    | -    -        -      -
    succeeded | -    sealed   sealed -
    failed    | -    -        -      -
    timeout   | -    -        -      -
    cancelled | -    sealed   sealed -
  `);
  it.each(SEALED)('$row', (row) => {
    const actual = answers(row, (by) =>
      isSealed(row.row as Status, by === 'none' ? null : (by as Authority)) ? 'sealed' : '-',
    );
    expect(actual).toEqual(row.cells);
  });
});

describe('§1 attempts in ids: <id>~<n>', () => {
  const IDS: readonly [string, string | undefined, number | undefined][] = [
    ['a', 'a', undefined],
    ['a~1', 'a', 1],
    ['a~3', 'a', 3],
    ['a~10', 'a', 10],
    ['a~b~2', 'a~b', 2],
    ['a\nb~2', 'a\nb', 2],
    ['a/~ü~2', 'a/~ü', 2],
    ['a~', 'a~', undefined],
    ['~', '~', undefined],
    ['~a', '~a', undefined],
    ['a~1b', 'a~1b', undefined],
    ['a~-1', 'a~-1', undefined],
    ['a~1.5', 'a~1.5', undefined],
    ['a~1 ', 'a~1 ', undefined],
    ['3', '3', undefined],
    ['a~0', undefined, undefined],
    ['a~00', undefined, undefined],
    ['a~01', undefined, undefined],
    ['~3', undefined, undefined],
    ['a~1~2', undefined, undefined],
    ['a~99999999999999999999', undefined, undefined],
  ];
  it.each(IDS)('%j', (written, executionId, attempt) => {
    const expected = attempt === undefined ? { executionId } : { executionId, attempt };
    expect(parseAttemptedId(written)).toEqual(executionId === undefined ? undefined : expected);
  });

  it('report_as is always <id>~<attempt>, and reads back', () => {
    expect(reportAs('a', 1)).toBe('a~1');
    expect(parseAttemptedId(reportAs('a~b', 7))).toEqual({ executionId: 'a~b', attempt: 7 });
  });
});

describe('§1 streams', () => {
  it('execution-<id> and refused-<id>, whatever the id', () => {
    for (const id of ['a', 'execution-a', 'refused-a', 'a~b', '-']) {
      expect(executionStream(id)).toBe(`execution-${id}`);
      expect(refusedStream(id)).toBe(`refused-${id}`);
      expect(parseStream(executionStream(id))).toEqual({ kind: 'execution', executionId: id });
      expect(parseStream(refusedStream(id))).toEqual({ kind: 'refused', executionId: id });
    }
    expect(parseStream('somebody-elses')).toBeUndefined();
  });
});

describe('§5 verdicts', () => {
  it('are applied, duplicate and the refusals of the page', () => {
    const refusals =
      'regression conflict superseded fenced unknown_attempt dropped not_running not_resumed not_resumable ' +
      'already_dispatched id_reused not_found unsupported_status';
    expect(VERDICTS).toEqual(['applied', 'duplicate', ...refusals.split(' ')]);
    expect(VERDICTS.filter(isRefusal)).toEqual(refusals.split(' '));
  });

  it('every answer says where the execution stands', () => {
    expect(currentOf(given().state)).toBeNull();
    expect(currentOf(existing(...standing('running', { attempt: 2 })))).toEqual({
      status: 'running',
      attempt: 2,
      authority: null,
      sealed: false,
      dispatched: true,
      revision: 3,
    });
    expect(currentOf(existing(...standing('cancelled operator')))).toEqual({
      status: 'cancelled',
      attempt: 1,
      authority: 'operator',
      sealed: true,
      dispatched: false,
      revision: 1,
    });
    expect(currentOf(existing(...standing('paused operator')))).toMatchObject({ status: 'paused', authority: null });
  });
});
