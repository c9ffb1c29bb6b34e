import { SharedReads } from '../../src/read-model/shared-reads.js';

/** A read that ends when it is told to, and counts itself. */
function reading() {
  const ends: ((error?: Error) => void)[] = [];
  const read = () => {
    const number = ends.length + 1;
    return new Promise<number>((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve(number))));
  };
  return { ends, read, shared: new SharedReads<number>() };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('callers that ask while a read runs share the next one', async () => {
  const { ends, read, shared } = reading();
  const first = shared.get('a', read);
  const later = [shared.get('a', read), shared.get('a', read), shared.get('a', read)];
  expect(ends).toHaveLength(1);
  ends[0]!();
  await settled();
  expect(ends).toHaveLength(2);
  const last = shared.get('a', read);
  ends[1]!();
  expect([await first, ...(await Promise.all(later))]).toEqual([1, 2, 2, 2]);
  await settled();
  ends[2]!();
  expect(await last).toBe(3);
});

test('another key is another read', async () => {
  const { ends, read, shared } = reading();
  const both = Promise.all([shared.get('a', read), shared.get('b', read)]);
  for (const end of ends) end();
  expect(await both).toEqual([1, 2]);
});

test('a read that fails fails those who share it, and nobody after them', async () => {
  const { ends, read, shared } = reading();
  const first = shared.get('a', read);
  const next = shared.get('a', read);
  ends[0]!(new Error('away'));
  await expect(first).rejects.toThrow('away');
  await settled();
  ends[1]!();
  expect(await next).toBe(2);
  const after = shared.get('a', read);
  ends[2]!();
  expect(await after).toBe(3);
});
