import { useEffect, useMemo, useRef, useState } from 'react';
import { useChanges } from './live.js';

/** A value as it was when it began to be held; the newest as long as it is not. */
export function useHeld<T>(value: T, isHeld: boolean): T {
  const [kept, keep] = useState(value);
  const isKept = isHeld && kept !== undefined;
  if (!isKept && kept !== value) keep(value);
  return isKept ? kept : value;
}

/** Whether the pointer or the keys are within an element: what is there must not move then. */
export function useWithin() {
  const [isPointed, point] = useState(false);
  const [isFocused, focus] = useState(false);
  const handlers = useMemo(
    () => ({
      onPointerEnter: () => point(true),
      onPointerLeave: () => point(false),
      // A click leaves the focus behind, and would hold what nobody is at any more: only that of the keyboard counts.
      onFocus: ({ target }: React.FocusEvent) => focus(target.matches(':focus-visible')),
      onBlur: () => focus(false),
    }),
    [],
  );
  return [isPointed || isFocused, handlers] as const;
}

/** Acts after changes, at most once in so many milliseconds, and once more after the last of them. */
export function useAfterChanges(act: () => void, everyMs: number): void {
  const latest = useRef(act);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => void (latest.current = act));
  useEffect(() => () => clearTimeout(timer.current), []);
  useChanges(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      latest.current();
    }, everyMs);
  });
}
