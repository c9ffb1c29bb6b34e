import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
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

/**
 * Asks again, one question after the other: a change while an answer is on its way has it asked once more afterwards. To begin
 * anew at each change would, where answers take longer than changes come, never show any.
 */
export function useAskAgain(ask: () => Promise<unknown>): () => void {
  const latest = useRef(ask);
  const state = useRef<'idle' | 'asking' | 'changed'>('idle');
  useEffect(() => void (latest.current = ask));
  return useCallback(() => {
    if (state.current !== 'idle') return void (state.current = 'changed');
    const run = async (): Promise<void> => {
      do {
        state.current = 'asking';
        await latest.current().catch(() => undefined);
      } while ((state.current as string) === 'changed');
      state.current = 'idle';
    };
    void run();
  }, []);
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
