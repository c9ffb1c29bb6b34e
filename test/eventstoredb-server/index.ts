export type { CallKind, Calls } from './calls.js';
export {
  EventStoreDbDouble,
  startEventStoreDbDouble,
  type EventStoreDbDoubleOptions,
} from './event-store-db-double.js';
export type { ForeignEvent } from './foreign-event.js';
export type { Misbehaviour, ReadMisbehaviour, WriteFault, WriteMisbehaviour } from './faults.js';
export type { Certificate } from './listener.js';
export type { StoredEvent } from './log.js';
