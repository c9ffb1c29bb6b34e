import { expect, it } from '@jest/globals';
import { parseSearch, stringifySearch, type Search } from '../../src/web/shared/search.js';

it.each<[string, Search]>([
  ['', {}],
  ['?status=failed', { status: 'failed' }],
  ['?-status=failed&-status=running&q=a', { '-status': ['failed', 'running'], q: 'a' }],
  ['?target=a+%26+b%3D%22%C3%BC%22', { target: 'a & b="ü"' }],
  ['?attempt_above=12345678901234567890', { attempt_above: '12345678901234567890' }],
])('the address %s is read and written as it stands', (text, search) => {
  expect(parseSearch(text)).toEqual(search);
  expect(stringifySearch(search)).toBe(text);
});

it('a parameter without a value does not stand in an address', () => {
  expect(stringifySearch({ columns: '', sort: undefined, status: ['', 'failed'] })).toBe('?status=failed');
});
