import { randomUUID } from 'node:crypto';
import type { Runtime } from '../../../src/application/ports.js';
import { DAY, SILENT_AFTER } from '../domain/given.js';

/** What the roof gives the application, with its defaults and the clock of this machine but for what a test sets. */
export const runtimeWith = (set: Partial<Runtime> = {}): Runtime => ({
  clock: Date.now,
  newExecutionId: randomUUID,
  newEventId: randomUUID,
  staleAfterMs: 3 * DAY,
  silentAfter: SILENT_AFTER,
  ...set,
});
