import { randomUUID } from 'node:crypto';
import { noBytes, type ProposedEvent } from './log.js';

/** An event written past the protocol, as some other program would have. */
export interface ForeignEvent extends Partial<Omit<ProposedEvent, 'type' | 'data'>> {
  readonly type: string;
  /** Bytes as they are; anything else as JSON. */
  readonly data?: unknown;
}

export function proposedOf({ data = {}, ...event }: ForeignEvent): ProposedEvent {
  const isBytes = data instanceof Uint8Array;
  const bytes = isBytes ? data : Buffer.from(JSON.stringify(data), 'utf8');
  return { id: randomUUID(), isJson: !isBytes, metadata: noBytes, ...event, data: bytes };
}
