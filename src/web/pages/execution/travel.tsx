import { Link, useNavigate } from '@tanstack/react-router';
import { useKeys } from '../../shared/keys.js';

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
  const step = (by: number) => (): void => {
    const next = Math.min(head, Math.max(first, shown + by));
    if (next !== shown) go(next);
  };
  useKeys({ ArrowLeft: step(-1), ArrowRight: step(1) });
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
