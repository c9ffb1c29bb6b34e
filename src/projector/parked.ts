import { encodeText } from '../encoding/json.js';
import type { StoredEvent } from '../event-store/event-store.js';

/** An event that could not be read, or not be written, and is passed over. */
export interface ParkedEventRow {
  readonly position: string;
  readonly event_type: string;
  readonly execution_id: string;
  readonly revision: number;
  readonly error: string;
}

/** An event that is passed over, as it is kept. */
export const park = (executionId: string, stored: StoredEvent, error: string): ParkedEventRow => ({
  position: String(stored.position),
  event_type: encodeText(stored.type),
  execution_id: encodeText(executionId),
  revision: stored.revision,
  error: encodeText(error),
});
