import { executionStream } from '../../../src/domain/stream.js';
import type { EventStore } from '../../../src/event-store/event-store.js';

const TOGETHER = 1_000;

/** Registers so many executions straight in the log, in this order. */
export async function registerMany(
  { appendMany }: Pick<EventStore, 'appendMany'>,
  executions: readonly { readonly id: string; readonly data: object }[],
): Promise<void> {
  for (let n = 0; n < executions.length; n += TOGETHER) {
    await appendMany(
      executions.slice(n, n + TOGETHER).map(({ id, data }) => ({
        stream: executionStream(id),
        events: [{ eventId: `registered ${id}`, type: 'ExecutionRegistered', data, metadata: {} }],
        expectedRevision: 'no_stream' as const,
      })),
    );
  }
}
