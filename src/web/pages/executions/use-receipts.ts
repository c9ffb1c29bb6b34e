import { useCallback, useEffect, useRef, useState } from 'react';
import { Unreachable, ApiProblem } from '../../shared/api.js';
import { receiptsOf, type BulkRequest } from './bulk.js';
import type { Receipt } from './tally.js';

export interface Run {
  readonly state: 'idle' | 'running' | 'done' | 'stopped' | 'failed';
  readonly receipts: readonly Receipt[];
  readonly error?: Error;
}

/** Receipts are drawn together: they come by the thousand. */
const DRAW_MS = 100;

/** One run of a bulk command, whose receipts are there as they come. It is stopped with the dialog that shows it. */
export function useReceipts() {
  const [run, set] = useState<Run>({ state: 'idle', receipts: [] });
  const abort = useRef<AbortController>(undefined);
  const start = useCallback(async (asked: BulkRequest, how: Parameters<typeof receiptsOf>[1]) => {
    const controller = (abort.current = new AbortController());
    const { signal } = controller;
    const receipts: Receipt[] = [];
    const draw = (rest: Omit<Run, 'receipts'>): void => set({ ...rest, receipts: [...receipts] });
    draw({ state: 'running' });
    const timer = setInterval(() => draw({ state: 'running' }), DRAW_MS);
    try {
      for await (const receipt of receiptsOf(asked, how, signal)) receipts.push(receipt);
      draw({ state: 'done' });
    } catch (error) {
      const said = error instanceof ApiProblem ? error : new Unreachable();
      draw(signal.aborted ? { state: 'stopped' } : { state: 'failed', error: said });
    } finally {
      clearInterval(timer);
    }
  }, []);
  const stop = useCallback(() => abort.current?.abort(), []);
  useEffect(() => stop, [stop]);
  return { ...run, start, stop };
}

export type Receipts = ReturnType<typeof useReceipts>;
