import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import type { TestLedger } from '../../support/ledger.js';
import { sample, textOf, type Asked } from './fuzz-requests.js';

const LONGEST_MS = 1_000;

async function send({ url }: Pick<TestLedger, 'url'>, { endpoint, id, body, query, headers }: Asked) {
  const { path, method } = endpoint;
  const address = new URL(url + path.replace(/\{[^}]+\}/, encodeURIComponent(Buffer.from(id).toString())));
  for (const [name, value] of method === 'GET' ? query : []) {
    const text = typeof value === 'string' ? value : (textOf(value) ?? '');
    address.searchParams.append(name, text.slice(0, 2_000));
  }
  // A read that is asked to wait does: nobody's fault.
  if (method === 'GET' && !/^(0|wait_ms)$/.test(address.searchParams.get('wait_ms') ?? 'none'))
    address.searchParams.set('wait_ms', '0');
  const list = path.endsWith('/reports') && !Array.isArray(body);
  const text =
    method === 'GET' ? undefined : textOf(list ? [{ execution_id: 'fuzz-many', ...(body as object) }] : body);
  const began = performance.now();
  const response = await fetch(address, {
    method,
    headers: { ...(text === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(text === undefined ? {} : { body: text }),
  });
  const answer = await response.text();
  return { status: response.status, answer, ms: performance.now() - began };
}

/** Reports all the while to executions of its own; what it waited for longest, and what it was told beside 200. */
function healthyWriter(ledger: Omit<TestLedger, 'close'>) {
  const told = { longest: 0, wrong: [] as number[], reports: 0 };
  let going = true;
  const run = (async () => {
    for (; going; told.reports++) {
      const began = performance.now();
      const execution_id = `healthy-${randomUUID()}`;
      const { status } = await ledger.call('POST', '/workflow/executions/events', { execution_id, status: 'running' });
      told.longest = Math.max(told.longest, performance.now() - began);
      if (status !== 200) told.wrong.push(status);
    }
  })();
  return async () => {
    going = false;
    await run;
    return told;
  };
}

const AT_ONCE = 16;

/**
 * Whatever anybody sends: an answer within a second that blames nobody else, and neighbours that do not notice. A machine that
 * others use may be late once: what was slow is asked again, alone, and a neighbour may wait twice as long.
 */
export function describeFuzz(ledger: Omit<TestLedger, 'close'>, count: number, seed: number, limitMs: number): void {
  it(
    'of whatever is sent nothing fails, waits or harms its neighbours',
    async () => {
      for (const id of ['fuzz-1', 'fuzz-2', 'fuzz-3'])
        await ledger.call('POST', '/workflow/executions/events', { execution_id: id, status: 'running' });
      const stop = healthyWriter(ledger);
      const queue = sample(count, seed).values();
      const wrong: unknown[] = [];
      const slow: Asked[] = [];
      const worker = async (): Promise<void> => {
        for (const asked of queue) {
          const { status, answer, ms } = await send(ledger, asked);
          const lines = /"verdict":"(?:internal|unavailable)"/.test(answer);
          if (ms > LONGEST_MS && status < 500) slow.push(asked);
          if (status >= 500 || lines)
            wrong.push({ status, ms, answer: answer.slice(0, 300), asked: JSON.stringify(asked).slice(0, 500) });
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      const healthy = await stop();
      for (const asked of slow) {
        const { ms } = await send(ledger, asked);
        if (ms > LONGEST_MS) wrong.push({ ms, asked: JSON.stringify(asked).slice(0, 500) });
      }
      expect(wrong.slice(0, 5)).toEqual([]);
      expect(healthy).toMatchObject({ wrong: [], reports: expect.any(Number) });
      expect(healthy.reports).toBeGreaterThan(10);
      expect(healthy.longest).toBeLessThan(2 * LONGEST_MS);
    },
    limitMs,
  );
}
