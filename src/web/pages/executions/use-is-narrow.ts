import { useSyncExternalStore } from 'react';

/** The width below which base.css lays pages out for a phone. */
const narrow = matchMedia('(width <= 760px)');

const subscribe = (listener: () => void): (() => void) => {
  narrow.addEventListener('change', listener);
  return () => narrow.removeEventListener('change', listener);
};

/** Whether the page is as narrow as a phone. */
export const useIsNarrow = (): boolean => useSyncExternalStore(subscribe, () => narrow.matches);
