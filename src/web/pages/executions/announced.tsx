import { useEffect, useRef, useState } from 'react';

/** The least time between two announcements: one that is said while the last is read cuts it off. */
const APART_MS = 5_000;

/** Tells a text to those who hear the page read, politely and not all the time. */
export function Announced({ text }: { readonly text: string }) {
  const [told, tell] = useState('');
  const at = useRef(0);
  useEffect(() => {
    if (text === told) return;
    const timer = setTimeout(
      () => {
        at.current = Date.now();
        tell(text);
      },
      Math.max(0, at.current + APART_MS - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [text, told]);
  return (
    <span className="only-read-aloud" role="status" aria-live="polite">
      {told}
    </span>
  );
}
