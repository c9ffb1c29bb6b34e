import { useCallback, useMemo, useState } from 'react';
import type { HeldRows } from './held.js';

/** What is selected: executions by their ids, or all that the filter matches, read or not. */
export type SelectionSet = ReadonlySet<string> | 'all';

const NONE: SelectionSet = new Set();

/** The ids between two rows, both included, whichever comes first. */
function between({ rows, at }: HeldRows, one: string, other: string): string[] {
  const [from, to] = [at.get(one) ?? at.get(other)!, at.get(other)!].toSorted((a, b) => a - b);
  return rows.slice(from, to! + 1).map(({ execution_id: id }) => id);
}

/** The selection of a list. It survives what comes and goes, and ends with the filter (`of`), whose executions they were. */
export function useSelection(rows: HeldRows, of: string) {
  const [{ selected, anchor, filter }, set] = useState<{ selected: SelectionSet; anchor?: string; filter: string }>({
    selected: NONE,
    filter: of,
  });
  const current = filter === of ? selected : NONE;
  const select = useCallback(
    (next: SelectionSet, from?: string) =>
      set({ selected: next, filter: of, ...(from !== undefined && { anchor: from }) }),
    [of],
  );
  const toggle = useCallback(
    (id: string, isRange: boolean) => {
      const before = current === 'all' ? new Set(rows.at.keys()) : new Set(current);
      const isOn = !before.has(id);
      for (const each of isRange && anchor !== undefined ? between(rows, anchor, id) : [id])
        if (isOn) before.add(each);
        else before.delete(each);
      select(before, id);
    },
    [current, rows, anchor, select],
  );
  return useMemo(
    () => ({
      selected: current,
      toggle,
      selectHeld: () => select(new Set(rows.at.keys())),
      selectAll: () => select('all'),
      clear: () => select(NONE),
    }),
    [current, toggle, rows, select],
  );
}

export type Selection = ReturnType<typeof useSelection>;

export const isSelected = (selected: SelectionSet, id: string): boolean => selected === 'all' || selected.has(id);
