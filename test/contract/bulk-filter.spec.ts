import { expect, it } from '@jest/globals';
import { bulkFilter } from '../../src/contract/bulk.js';
import { filter } from '../../src/contract/queries.js';

const taken = (key: string, value: unknown): boolean => bulkFilter.safeParse({ [key]: value }).success;

it.each(Object.entries(filter))('the filter %s of a list is of the type of JSON in a bulk’s body', (key, schema) => {
  const isFlag = schema.safeParse('true').data === true;
  const isNumber = schema.safeParse('1').data === 1;
  if (isFlag) expect([taken(key, true), taken(key, 'true')]).toEqual([true, false]);
  else if (isNumber) expect([taken(key, 1), taken(key, '1')]).toEqual([true, false]);
  else expect([taken(key, true), taken(key, 1)]).toEqual([false, false]);
});
