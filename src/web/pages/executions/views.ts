import { useState } from 'react';

/** A named address of the list. */
export interface View {
  readonly name: string;
  /** The parameters, as they stand behind the `?`. */
  readonly search: string;
}

const KEY = 'ledger.executions.views';

const isView = (value: unknown): value is View =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as View).name === 'string' &&
  typeof (value as View).search === 'string';

/** A browser that keeps nothing (private, blocked), or something else there, has none. */
function read(): readonly View[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isView) : [];
  } catch {
    return [];
  }
}

/** The views that this browser keeps; `isKept` is false where it refused to. */
export function useViews() {
  const [views, set] = useState(read);
  const [isKept, setKept] = useState(true);
  const keep = (next: readonly View[]): void => {
    set(next);
    try {
      localStorage.setItem(KEY, JSON.stringify(next));
      setKept(true);
    } catch {
      setKept(false);
    }
  };
  return {
    views,
    isKept,
    /** Keeps a view; one of the same name is replaced. */
    save: (view: View) => keep([...views.filter(({ name }) => name !== view.name), view]),
    remove: (gone: View) => keep(views.filter(({ name }) => name !== gone.name)),
  };
}
