import { describe, expect, it } from '@jest/globals';
import { all, event, fresh, insist, ways } from './given.js';
import { withDouble } from './with-double.js';

const given = withDouble({ commitTimeoutMs: 50 });

const outcomeOf = (append: Promise<unknown>): Promise<string> =>
  append.then(
    () => 'well',
    ({ type }: { type: string }) => type,
  );

describe.each(ways)('an append %s', (way, options) => {
  const types = async (stream: string): Promise<string[]> =>
    (await all(given.client.readStream(stream))).map((one) => one.event!.type);
  const batch = way.includes('batch');
  const append = (stream: string, what = event(), more: object = {}) =>
    given.client.appendToStream(stream, what, { ...options, ...more });

  it.each([
    ['cut-before', []],
    ['cut-after', ['tested']],
  ] as const)('%s it is written is unavailable, and the connection comes back', async (fault, stored) => {
    const stream = fresh();
    await append(fresh());
    given.double.next({ on: 'append', fault });
    await expect(append(stream)).rejects.toMatchObject({ code: 14 });
    expect(given.double.stored(stream).map(({ type }) => type)).toEqual(stored);
    expect((await append(fresh())).success).toBe(true);
  });

  it('misbehaves at the call asked for, as often as asked', async () => {
    given.double.next({ on: 'append', fault: 'timeout-after', skip: 1, times: 2 });
    const outcomes: string[] = [];
    for (let n = 0; n < 4; n++) outcomes.push(await outcomeOf(append(fresh())));
    const late = batch ? 'deadline-exceeded' : 'timeout';
    expect(outcomes).toEqual(['well', late, late, 'well']);
  });

  it.each([
    [
      'not-ready',
      batch ? { type: 'unknown', message: 'Could not recognize Server Is Not Ready' } : { type: 'unavailable' },
    ],
    ['busy', batch ? { type: 'unknown', message: 'Could not recognize Server Is Busy' } : { type: 'unavailable' }],
    ['no-leader-info', { type: 'unknown' }],
  ] as const)('is refused by a node that is %s', async (fault, error) => {
    const stream = fresh();
    given.double.next({ on: 'append', fault });
    await expect(append(stream)).rejects.toMatchObject(error);
    expect(given.double.stored(stream)).toEqual([]);
  });

  it('is refused by a node that does not lead, which says who does', async () => {
    const leader = { address: '127.0.0.1', port: given.double.port };
    given.double.next({ on: 'append', fault: 'not-leader', leader });
    await expect(append(fresh())).rejects.toMatchObject({ type: 'not-leader', leader });
    expect((await append(fresh())).success).toBe(true);
  });

  it('to a frozen server is carried out after the thaw, though nobody may wait any more', async () => {
    const stream = fresh();
    await append(fresh());
    given.double.freeze();
    const outcome = outcomeOf(append(stream, event(), batch ? {} : { deadline: 50 }));
    if (!batch) expect(await outcome).toBe('deadline-exceeded');
    expect(given.double.stored(stream)).toEqual([]);
    given.double.thaw();
    if (batch) expect(await outcome).toBe('well');
    expect(await types(stream)).toEqual(['tested']);
  });

  it('that was kept from being committed is dropped when it comes again, and is there in the end', async () => {
    const [stream, what] = [fresh(), event()];
    given.double.hold();
    const late = { type: batch ? 'deadline-exceeded' : 'timeout' };
    const first = append(stream, what, { expectedRevision: 'no_stream' });
    await expect(first).rejects.toMatchObject(late);
    await expect(append(stream, what, { expectedRevision: 'no_stream' })).rejects.toMatchObject(late);
    await expect(append(stream, event(), { expectedRevision: 'no_stream' })).rejects.toMatchObject({
      actualVersion: 0n,
    });
    await expect(types(stream)).rejects.toMatchObject({ type: 'stream-not-found' });
    given.double.release();
    const again = await append(stream, what, { expectedRevision: 'no_stream' });
    expect([again.nextExpectedRevision, await types(stream)]).toEqual([0n, ['tested']]);
  });

  it('is known after a restart by its revision, and not by its id alone', async () => {
    const [exact, any, what] = [fresh(), fresh(), [event(), event()]];
    const first = await given.client.appendToStream(exact, what, { ...options, expectedRevision: 'no_stream' });
    await given.client.appendToStream(any, [event(), event()].concat(what), options);
    await given.double.restart();
    const again = (stream: string, more: object) => given.client.appendToStream(stream, what, { ...options, ...more });
    await insist(() => append(fresh()));
    expect(await again(exact, { expectedRevision: 'no_stream' })).toEqual(first);
    expect((await again(any, {})).nextExpectedRevision).toBe(5n);
  });

  it('to a server that is down fails at once, and the same client works again when it is back', async () => {
    await append(fresh());
    await given.double.stop();
    await expect(append(fresh())).rejects.toMatchObject({ code: 14 });
    await given.double.restart();
    expect((await insist(() => append(fresh()))).success).toBe(true);
  });
});
