import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  bulkFilterOf,
  chipsOf,
  FILTERS,
  queryOf,
  withChip,
  withoutChip,
} from '../../src/web/pages/executions/filters.js';
import { fromField, toField } from '../../src/web/pages/executions/moment-field.js';
import { pressed, SORTS, sortOf, sortName } from '../../src/web/pages/executions/sorts.js';

interface Parameter {
  readonly name: string;
  readonly schema: { readonly type: string; readonly enum?: readonly string[]; readonly format?: string };
}
const document = JSON.parse(readFileSync('docs/openapi.json', 'utf8'));
const parameters = document.paths['/api/v1/executions'].get.parameters as readonly Parameter[];
const NO_FILTERS = ['sort', 'limit', 'cursor', 'count', 'wait_for', 'wait_ms'];
const isFlag = ({ schema }: Parameter): boolean => schema.type === 'boolean';

describe('the filters of the page', () => {
  const filters = parameters.filter(({ name }) => !NO_FILTERS.includes(name));

  it('are those of the API, and can be asked the other way round where the API lets them', () => {
    const known = FILTERS.flatMap(({ name, verbs }) => [name, ...(verbs[1] === undefined ? [] : [`-${name}`])]);
    expect(known.toSorted()).toEqual(filters.map(({ name }) => name).toSorted());
  });

  it('take the kinds of values that the API takes', () => {
    const ofApi = new Map(filters.map((parameter) => [parameter.name, parameter]));
    for (const { name, kind, repeats } of FILTERS) {
      const parameter = ofApi.get(name)!;
      expect([name, kind === 'flag']).toEqual([name, isFlag(parameter)]);
      expect([name, kind === 'moment']).toEqual([name, parameter.schema.format === 'date-time']);
      expect([name, repeats === true]).toEqual([name, parameter.schema.type === 'array']);
    }
  });

  it('are sorted by what the API sorts by', () => {
    const sorts = parameters.find(({ name }) => name === 'sort')!.schema.enum!;
    expect(
      Object.keys(SORTS)
        .flatMap((field) => [field, `-${field}`])
        .toSorted(),
    ).toEqual(sorts.toSorted());
  });
});

describe('the address', () => {
  const search = {
    status: ['failed', 'timeout'],
    '-target': ['a', 'b'],
    silent: 'true',
    sort: 'created_at',
    columns: 'x',
  };

  it('is told in chips: statuses in one, other values in one each, and nothing that is no filter', () => {
    expect(chipsOf(search).map(({ name, values }) => [name, values])).toEqual([
      ['status', ['failed', 'timeout']],
      ['-target', ['a']],
      ['-target', ['b']],
      ['silent', ['true']],
    ]);
  });

  it('loses a chip, and keeps the others of its name', () => {
    const [statuses, first] = chipsOf(search);
    expect(withoutChip(search, first!)['-target']).toEqual(['b']);
    expect(withoutChip(search, statuses!)).not.toHaveProperty('status');
  });

  it('gains values of a filter that may repeat, and another value of one that may not', () => {
    expect(withChip(search, '-target', ['c'])['-target']).toEqual(['a', 'b', 'c']);
    expect(withChip({ target: 'a' }, 'target', ['b'])['target']).toBe('b');
    expect(withChip({ label: 'a:b' }, 'label', ['c:d'])['label']).toEqual(['a:b', 'c:d']);
    expect(withChip(search, 'status', ['running'])['status']).toBe('running');
  });

  it('turns a chip that is edited into another', () => {
    const [chip] = chipsOf({ target: 'a' });
    expect(withChip({ target: 'a' }, '-target', ['b'], chip)).toEqual({ '-target': 'b' });
  });

  it('goes to the API with what nobody knows, so that a misspelt filter lists nothing instead of everything', () => {
    expect(queryOf({ statuss: 'failed', columns: 'status' })).toEqual({ statuss: 'failed' });
  });

  it('is the JSON of a bulk command, without the order', () => {
    const asked = {
      status: 'failed',
      silent: 'false',
      attempt_above: '2',
      '-label': 'a:b',
      q: 'x',
      sort: 'created_at',
    };
    expect(bulkFilterOf(asked)).toEqual({
      status: ['failed'],
      silent: false,
      attempt_above: 2,
      '-label': ['a:b'],
      q: 'x',
    });
  });
});

describe('the order', () => {
  it('is the API’s own where none is asked for, and turns with a second press', () => {
    expect(sortName(sortOf(undefined))).toBe('-created_at');
    expect(sortName(sortOf('toString'))).toBe('-created_at');
    const once = pressed(sortOf(undefined), 'last_activity_at');
    expect([sortName(once), sortName(pressed(once, 'last_activity_at'))]).toEqual([
      '-last_activity_at',
      'last_activity_at',
    ]);
  });
});

describe('the field of a moment', () => {
  it.each(['utc', 'local'] as const)('gives back the moment that it was given, in %s time', (zone) => {
    const moment = '2026-11-30T12:00:07.000Z';
    expect(fromField(toField(moment, zone), zone)).toBe(moment);
    expect([toField('nonsense', zone), fromField('', zone)]).toEqual(['', undefined]);
  });
});
