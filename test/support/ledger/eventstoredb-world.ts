import { createEventStoreDbEventStore } from '../../../src/event-store/eventstoredb/eventstoredb-event-store.js';
import { startEventStoreDbDouble } from '../../eventstoredb-server/index.js';
import { Clock, worldOf, type World } from './handling.js';

/** Instances with clients of their own to one double of EventStoreDB, whose events bear the test's time. */
export async function inEventStoreDb(): Promise<World> {
  const [double, clock] = [await startEventStoreDbDouble(), new Clock()];
  const now = (): string => new Date(clock.read()).toISOString();
  const open = () => createEventStoreDbEventStore({ url: double.url, clock: now });
  return worldOf(
    open,
    clock,
    async (ms) => clock.pass(ms),
    () => double.stop(),
  );
}
