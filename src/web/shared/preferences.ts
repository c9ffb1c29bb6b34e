import { useSyncExternalStore } from 'react';

/** What this browser remembers of how its person reads, by name; it is nobody else's, so it is not in the address. */
const DEFAULTS = { zone: 'local', theme: 'auto' } as const;
export type Zone = 'local' | 'utc';
export type Theme = 'auto' | 'light' | 'dark';
interface Preferences {
  readonly zone: Zone;
  readonly theme: Theme;
}

const KEY = 'ledger.preferences';
const listeners = new Set<() => void>();
let current = read();

/** A browser that keeps nothing (private, blocked) has the defaults. */
function read(): Preferences {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>) };
  } catch {
    return DEFAULTS;
  }
}

export function prefer(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // It holds until the page is left.
  }
  apply();
  for (const listener of listeners) listener();
}

/** Has the page wear the chosen theme; `auto` is the system's. */
export function apply(): void {
  const { theme } = current;
  document.documentElement.style.colorScheme = theme === 'auto' ? '' : theme;
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const usePreferences = (): Preferences => useSyncExternalStore(subscribe, () => current);
