import { describe, expect, it } from '@jest/globals';
import { executionRow, stateOf, truncatedIn } from '../../projections/execution-status.js';
import { showExecution, showInShort } from '../../src/contract/execution.js';
import { parseJson, stringifyJson } from '../../src/encoding/json.js';
import { eventReport } from '../../src/contract/reports.js';
import type { ExistingExecution } from '../../src/domain/execution.js';
import { cutText, inShort } from '../../src/domain/in-short.js';
import type { JsonObject } from '../../src/domain/json.js';
import { existing, fact, nowAt } from '../support/domain/given.js';

const NOW = nowAt(0);
const KIB = 1024;
const bytes = (text: string): number => Buffer.byteLength(text);

const UNITS = ['x', 'é', '€', '💥', '\ud800', '\0'];

describe('a text that is cut', () => {
  it.each(UNITS)('of %j has 4 KiB at most, and no character of it is halved', (unit) => {
    const whole = unit.repeat(Math.floor((4 * KIB) / bytes(unit)));
    expect(cutText(whole)).toBe(whole);
    for (const more of [whole + unit, whole + '💥', `x${whole}${unit}`, `xx${whole}💥`, unit.repeat(100_000)]) {
      const cut = cutText(more);
      expect(bytes(cut)).toBeLessThanOrEqual(4 * KIB);
      expect(bytes(cut)).toBeGreaterThan(4 * KIB - 4);
      expect(cut.endsWith('…')).toBe(true);
      expect([...more].slice(0, [...cut].length - 1).join('')).toBe(cut.slice(0, -1));
      expect(cutText(cut)).toBe(cut);
    }
  });

  it.each(UNITS)('is one of more than 4 KiB: of %j', (unit) => {
    for (const before of ['', 'x', 'é', '€'])
      for (let count = Math.floor((4 * KIB) / bytes(unit)) - 3, n = 0; n < 6; n++) {
        const text = before + unit.repeat(count + n);
        expect(cutText(text) === text).toBe(bytes(text) <= 4 * KIB);
      }
  });
});

/** What a report says that makes all it can as long as it can. */
const long = 'x'.repeat(1_000_000);
const DATA = {
  ...{ run_id: long, workflow_id: long, target: long, kind: long, parent_execution_id: long, input: long },
  labels: {
    short: 's',
    long,
    [long]: 'v',
    ...Object.fromEntries(Array.from({ length: 900 }, (_, n) => [`label-${n}`, 'v'.repeat(900)])),
  },
};
const LARGEST = existing(
  fact('ExecutionRegistered', DATA),
  fact('ExecutionDispatched', { handle: { long } }),
  fact('ExecutionFailed', {
    ...{
      error: long,
      error_details: { long },
      message: long,
      status_reason: long,
      worker: long,
      data: { long },
      result: long,
    },
  }),
);

describe('an execution in short', () => {
  const shown = (state: ExistingExecution) => showInShort({ executionId: 'x', state }, NOW);

  it('is bounded, whatever is written where, and names what is cut', () => {
    const { truncated, ...rest } = shown(LARGEST);
    expect(stringifyJson(rest).length).toBeLessThan(64 * KIB);
    expect(rest.labels).toMatchObject({ short: 's', long: cutText(long), 'label-0': 'v'.repeat(900) });
    expect(rest.error).toBe(cutText(long));
    expect(truncated?.toSorted()).toEqual([
      ...['error', 'handle', 'kind', 'labels', 'message', 'parent_execution_id', 'run_id'],
      ...['status_reason', 'target', 'worker', 'workflow_id'],
    ]);
    const left = Object.keys(showExecution('x', LARGEST, NOW)).filter((name) => !Object.hasOwn(rest, name));
    expect(left.toSorted()).toEqual(['error_details', 'handle', 'input', 'result']);
    expect(shown(inShort(LARGEST).state)).toEqual(rest);
  });

  // Another field of a report is to be in one of these lists: as a member that is cut, or as a name for one.
  it('has no text of a report that is not bounded', () => {
    const texts = Object.entries(eventReport.shape).filter(([, schema]) => schema.safeParse(long).success);
    const known = new Set([
      ...Object.keys(rowOf(LARGEST).payload!),
      ...['status', 'reasoner_id', 'agent_node_id', 'type', 'parent_workflow_id', 'input_data'],
    ]);
    expect(texts.map(([name]) => name).filter((name) => !known.has(name))).toEqual([]);
  });

  it('is the same object where nothing is long', () => {
    const state = existing(
      fact('ExecutionRegistered', { target: 't', labels: { a: 'b' } }),
      fact('ExecutionDispatched', { handle: { a: 1 } }),
    );
    expect(inShort(state)).toEqual({ state, truncated: [] });
    expect(inShort(state).state).toBe(state);
    expect(shown(state)).toEqual(showExecution('x', state, NOW));
  });

  const rowOf = (state: ExistingExecution) => {
    const { state: light, payload } = parseJson(
      stringifyJson(executionRow('x', { ...state, position: '1' } as never)),
    ) as {
      readonly [name: string]: JsonObject | null;
    };
    return { state: light!, payload: payload ?? null };
  };

  it('is what its row has without the payload; with it the row has the whole', () => {
    const { state, payload } = rowOf(LARGEST);
    const place = { revision: LARGEST.revision, position: LARGEST.position };
    expect(stateOf({ state, payload, ...place })).toEqual(LARGEST);
    const short = { state: stateOf({ state, ...place }), truncated: truncatedIn(state) };
    expect(short).toEqual(inShort(LARGEST));
    expect(stringifyJson(state).length).toBeLessThan(64 * KIB);
  });
});
