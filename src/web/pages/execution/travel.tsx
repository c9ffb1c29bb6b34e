import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { isTyping } from '../../shell/jump.js';

/** Goes back and forth in time: a slider over the revisions, and the arrow keys from anywhere. */
export function Travel({
  head,
  shown,
  first,
}: {
  readonly head: number;
  readonly shown: number;
  readonly first: number;
}) {
  const navigate = useNavigate({ from: '/executions/$id' });
  const go = (revision: number): void =>
    void navigate({
      to: '.',
      replace: true,
      search: ({ revision: _revision, ...rest }) => (revision >= head ? rest : { ...rest, revision: String(revision) }),
    });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step === undefined || isTyping(event)) return;
      const next = Math.min(head, Math.max(first, shown + step));
      if (next !== shown) go(next);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
  return (
    <div className="row execution-travel">
      <span className="small">
        revision {shown} of {head}
        {shown === head && ' · now'}
      </span>
      <input
        type="range"
        min={first}
        max={head}
        value={shown}
        aria-label="Revision"
        onChange={({ target }) => go(Number(target.value))}
      />
      <span className="small narrow-hide">
        <kbd>←</kbd> <kbd>→</kbd> as it was
      </span>
      {shown < head && (
        <Link
          to="."
          search={(search) => ({ ...search, compare: String(shown), revision: undefined as never })}
          className="small"
        >
          compare with now
        </Link>
      )}
    </div>
  );
}
