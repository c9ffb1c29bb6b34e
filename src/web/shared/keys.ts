import { useEffect, useRef } from 'react';

/** What a page does at a key; the names are those of `KeyboardEvent.key`. */
export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** Keys of the page, wherever the focus is; but in a text that somebody writes, or in a dialog, they are letters. */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  useEffect(() => void (latest.current = keys));
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isTyping(event)) return;
      latest.current[event.key]?.(event);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

/** Whether a key is a letter of a text that somebody writes, or meant for a dialog, and no shortcut of the page. */
const isTyping = ({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  ctrlKey ||
  metaKey ||
  altKey ||
  document.querySelector('[role=dialog]') !== null ||
  (target instanceof HTMLElement && (target.isContentEditable || target.matches(TEXT_FIELDS)));

/** Fields whose letters are text; a checkbox has the focus of whoever just used it, and takes none. */
const TEXT_FIELDS = 'input:not([type=checkbox], [type=radio], [type=range], [type=button]), textarea, select';
