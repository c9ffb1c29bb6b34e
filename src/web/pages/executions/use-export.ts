import { useEffect, useRef, useState } from 'react';
import { columnOf, type ColumnName } from './columns.js';
import { EXPORTS, type ExportFormat } from './export-text.js';
import type { Search } from '../../shared/search.js';
import { readPage } from './use-rows.js';

/** How many executions an export has at most: it is made in the memory of the browser. */
export const MOST_EXPORTED = 50_000;
/** The most that the API gives at once. */
const PAGE = '500';

export interface Exporting {
  readonly state: 'idle' | 'running' | 'done' | 'failed';
  readonly count: number;
  /** There are more than an export has. */
  readonly isCut?: boolean;
  readonly error?: Error;
}

function save(parts: readonly string[], type: string, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([...parts], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Reads all pages of a list into a file of the browser's; nothing is saved when it is stopped. */
export function useExport(query: Search, columns: readonly ColumnName[]) {
  const [exporting, set] = useState<Exporting>({ state: 'idle', count: 0 });
  const abort = useRef<AbortController>(undefined);
  const start = async (format: ExportFormat): Promise<void> => {
    const { signal } = (abort.current = new AbortController());
    const { type, head, line } = EXPORTS[format];
    const members = [...new Set(columns.flatMap((name) => columnOf(name).members))];
    const parts = [head(members)];
    let [count, cursor] = [0, ''];
    try {
      do {
        set({ state: 'running', count });
        const page = await readPage(query, { limit: PAGE, ...(cursor !== '' && { cursor }) }, signal);
        const taken = page.executions.slice(0, MOST_EXPORTED - count);
        parts.push(taken.map((execution) => line(execution, members)).join(''));
        count += taken.length;
        cursor = page.next_cursor ?? '';
      } while (cursor !== '' && count < MOST_EXPORTED);
      signal.throwIfAborted();
      save(parts, type, `executions.${format}`);
      set({ state: 'done', count, isCut: cursor !== '' });
    } catch (error) {
      set(signal.aborted ? { state: 'idle', count: 0 } : { state: 'failed', count, error: error as Error });
    }
  };
  const stop = (): void => abort.current?.abort();
  useEffect(() => () => abort.current?.abort(), []);
  return { ...exporting, start, stop };
}
