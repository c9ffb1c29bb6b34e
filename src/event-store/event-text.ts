import { stringifyJson } from '../encoding/json.js';
import type { NewEvent } from './event-store.js';
import { StoreError } from '../errors.js';

/** The largest event that a store takes, data and metadata together, in UTF-16 code units of their JSON. */
export const EVENT_TEXT_MAX = 16 * 1024 * 1024;

/**
 * An event's data and metadata as JSON text.
 * @throws StoreError `unacceptable` for what JSON cannot hold (a BigInt, a cycle, depth beyond the stack), or too big.
 */
export function eventText({ data, metadata }: NewEvent): { data: string; metadata: string } {
  let text: { data: string; metadata: string };
  try {
    text = { data: stringifyJson(data ?? null), metadata: stringifyJson(metadata ?? {}) };
  } catch (error) {
    throw new StoreError('unacceptable', 'The event cannot be written as JSON', { cause: error });
  }
  if (text.data.length + text.metadata.length <= EVENT_TEXT_MAX) return text;
  throw new StoreError('unacceptable', `The event is larger than ${EVENT_TEXT_MAX} characters of JSON`);
}
