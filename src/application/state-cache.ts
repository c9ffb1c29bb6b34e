import { LRUCache } from 'lru-cache';
import { weigh } from '../contract/json.js';
import type { ExecutionState } from '../domain/execution.js';

/** How much memory the cached states may take together, estimated. */
const MAX_BYTES = 128 * 1024 * 1024;
/**
 * States this process has folded, newest used last to go. One is only ever a guess: every decision made on it is
 * checked against the head by the append that carries it (domain.md §3).
 */
export class StateCache {
  private readonly states = new LRUCache<string, ExecutionState>({ maxSize: MAX_BYTES, sizeCalculation: weigh });

  get(executionId: string): ExecutionState | undefined {
    return this.states.get(executionId);
  }
  set(executionId: string, state: ExecutionState): void {
    this.states.set(executionId, state);
  }
  /** Forgets everything: after a lost connection nothing read before is to be trusted. */
  clear(): void {
    this.states.clear();
  }
}
