import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { executionStream } from '../../../src/domain/stream.js';
import type { EventStore, StoredEvent } from '../../../src/event-store/event-store.js';
import type { Position } from '../../../src/event-store/position.js';
import type { Answer, TestLedger } from './ledger.js';

/** Producers that report new executions one after the other, for as long as it takes. */
export interface Load {
  readonly acknowledged: number;
  readonly failed: number;
  /** When so many more were acknowledged, or failed. @throws AbortError when that takes longer than half a minute */
  more(of: 'acknowledged' | 'failed', count: number): Promise<void>;
  /** Lets them finish. What they sent, by execution: the id, and whether somebody was told that it is there. */
  stop(): Promise<ReadonlyMap<string, Sent>>;
}

export interface Sent {
  readonly id: string;
  readonly acknowledged: boolean;
}

const PATIENCE_MS = 30_000;

/** Of two clients, one repeats what failed until it is acknowledged, the other goes on to the next. */
export function startLoad(
  call: TestLedger['call'],
  clients = 16,
  onFailure: (answer: Answer) => void = () => {},
): Load {
  const sent = new Map<string, Sent>();
  const counts = { acknowledged: 0, failed: 0 };
  const counted = new EventEmitter();
  let going = true;

  async function report(execution_id: string, id: string): Promise<boolean> {
    const body = { execution_id, status: 'running' };
    const answer = await call('POST', '/workflow/executions/events', body, { 'idempotency-key': id });
    const acknowledged = answer.status === 200;
    counts[acknowledged ? 'acknowledged' : 'failed']++;
    counted.emit('one');
    if (!acknowledged) onFailure(answer);
    return acknowledged;
  }

  const run = randomUUID();
  const loops = Array.from({ length: clients }, async (_, client) => {
    for (let k = 0; going; k++) {
      const [execution, id] = [`${run}-${client}-${k}`, randomUUID()];
      let acknowledged = await report(execution, id);
      while (!acknowledged && client % 2 === 0) acknowledged = await report(execution, id);
      sent.set(execution, { id, acknowledged });
    }
  });
  return {
    get acknowledged() {
      return counts.acknowledged;
    },
    get failed() {
      return counts.failed;
    },
    more: async (of, count) => {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      for (const target = counts[of] + count; counts[of] < target;) await once(counted, 'one', { signal });
    },
    stop: async () => {
      going = false;
      await Promise.all(loops);
      return sent;
    },
  };
}

/** What became of it in the log after a position: how many there are, and counts that have to be 0. */
export async function settle(store: EventStore, after: Position, sent: ReadonlyMap<string, Sent>) {
  const streams = byStream(await logOf(store, after));
  const found = { sent: sent.size, acknowledged: 0, stored: 0, lost: 0, doubled: 0, halves: 0 };
  for (const [execution, { id, acknowledged }] of sent) {
    const events = streams.get(executionStream(execution)) ?? [];
    const started = events.filter(({ type, eventId }) => type === 'ExecutionStarted' && eventId === id).length;
    if (acknowledged) found.acknowledged++;
    if (started > 0) found.stored++;
    if (acknowledged && started === 0) found.lost++;
    if (started > 1 || events.length > 2) found.doubled++;
    if (events.length === 1 || started !== events.length / 2) found.halves++;
  }
  return found;
}

function byStream(log: readonly StoredEvent[]): Map<string, StoredEvent[]> {
  const streams = new Map<string, StoredEvent[]>();
  for (const event of log) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
  return streams;
}

async function logOf(store: EventStore, after: Position): Promise<StoredEvent[]> {
  const log: StoredEvent[] = [];
  for (;;) {
    const page = await store.readAll(log.at(-1)?.position ?? after, 1_000);
    log.push(...page);
    if (page.length === 0) return log;
  }
}
