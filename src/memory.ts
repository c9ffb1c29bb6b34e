import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

/**
 * What may be held for callers: a quarter of the memory that the process may use, and of its heap. What is held beside a heap
 * counts for it: where that comes to a half, everything is looked through for garbage with each piece that arrives.
 */
export function shareOfMemory(): number {
  // Where nothing constrains it, that is told as 0, or as more than there is.
  const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  return Math.floor(Math.min(memory, getHeapStatistics().heap_size_limit) / 4);
}
