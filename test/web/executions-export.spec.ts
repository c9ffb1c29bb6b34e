import { describe, expect, it } from '@jest/globals';
import type { components } from '../../src/client/openapi.js';
import { EXPORTS } from '../../src/web/pages/executions/export-text.js';

type ExecutionSummary = components['schemas']['ExecutionSummary'];

describe('an export', () => {
  const { csv, ndjson } = EXPORTS;
  const line = (more: object): string =>
    csv.line({ execution_id: 'a', ...more } as ExecutionSummary, ['execution_id', 'message', 'labels', 'progress']);

  it('has the names of the members, and what each says, as RFC 4180 has it', () => {
    expect(csv.head(['execution_id', 'progress'])).toBe('execution_id,progress\r\n');
    expect(line({ message: 'a "b",\nc', labels: { k: 'v' }, progress: -3 })).toBe(
      'a,"a ""b"",\nc","{""k"":""v""}",-3\r\n',
    );
    expect(line({})).toBe('a,,,\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(1)', '\t=1'])('has a spreadsheet take %j of a producer for text', (message) => {
    expect(line({ message })).toBe(`a,'${message},,\r\n`);
  });

  it('has each execution as the API lists it, a line each', () => {
    const execution = { execution_id: 'a', message: 'x\ny' } as ExecutionSummary;
    expect(JSON.parse(ndjson.line(execution, []))).toEqual(execution);
    expect(ndjson.line(execution, [])).toMatch(/^[^\n]+\n$/);
  });
});
