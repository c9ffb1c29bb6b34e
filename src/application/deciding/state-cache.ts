import { LRUCache } from 'lru-cache';
import { weigh } from '../../encoding/json.js';
import type { MarkedState } from '../../event-store/fold-mark.js';

/** How much memory the cached states may take together, estimated. */
const MAX_BYTES = 128 * 1024 * 1024;
/**
 * States that this process folded from the log itself, newest used last to go. One is only ever a guess of where a stream
 * stands: every decision made on it is checked against the head by the append that carries it (docs/semantics.md §3). What no
 * stream proves must not come in here: the append proves the revision of a state, never its content.
 */
export class StateCache {
  private readonly states = new LRUCache<string, MarkedState>({ maxSize: MAX_BYTES, sizeCalculation: weigh });

  get(executionId: string): MarkedState | undefined {
    return this.states.get(executionId);
  }
  set(executionId: string, known: MarkedState): void {
    this.states.set(executionId, known);
  }
  /** Forgets everything: after a lost connection nothing read before is to be trusted. */
  clear(): void {
    this.states.clear();
  }
}
