import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react';
import { answered, client } from '../../shared/api.js';
import { useChanges, type ExecutionSummary } from '../../shared/live.js';
import { later } from './held.js';

/** The list itself is read anew at most so often: it would be read for each of five hundred changes a second. */
const AGAIN_MS = 2_000;

/**
 * Each row as it is now, in its place: what is heard of those that are held is laid over them. While `isPaused` it is kept, and
 * shown afterwards. `again` is called when something changed, anywhere, but not all the time.
 */
export function useInPlace(at: ReadonlyMap<string, number>, isPaused: boolean, again: () => void) {
  const [shown] = useState(() => new Map<string, ExecutionSummary>());
  const kept = useRef(new Map<string, ExecutionSummary>());
  const [version, show] = useReducer((before: number) => before + 1, 0);
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const askAgain = useCallback(() => {
    waiting.current ??= setTimeout(() => {
      waiting.current = undefined;
      again();
    }, AGAIN_MS);
  }, [again]);
  const lay = useCallback(
    (changed: readonly ExecutionSummary[]) => {
      const ours = changed.filter(({ execution_id: id }) => at.has(id));
      for (const execution of ours)
        shown.set(execution.execution_id, later(execution, shown.get(execution.execution_id)));
      if (ours.length > 0) show();
    },
    [at, shown],
  );
  useChanges((changed) => {
    if (isPaused) {
      for (const one of changed)
        if (at.has(one.execution_id))
          kept.current.set(one.execution_id, later(one, kept.current.get(one.execution_id)));
      return;
    }
    lay(changed);
    askAgain();
  });
  useEffect(() => {
    if (isPaused) return;
    lay([...kept.current.values()]);
    kept.current.clear();
    askAgain();
  }, [isPaused, lay, askAgain]);
  useEffect(() => () => clearTimeout(waiting.current), []);
  /** Rows that were kept while another page was shown, on which nothing was heard of them. */
  const catchUp = useCallback(async (ids: readonly string[]) => lay(await readNow(ids)), [lay]);
  // A new function for each version, so that whoever draws by it draws again.
  const now = useMemo(() => {
    void version;
    return (row: ExecutionSummary) => later(row, shown.get(row.execution_id));
  }, [shown, version]);
  return { now, catchUp };
}

/** Executions as they are now, in short; none where they cannot be read, since the list is there without them. */
async function readNow(ids: readonly string[]): Promise<ExecutionSummary[]> {
  const body = { execution_ids: [...ids] };
  const found = await answered(client.POST('/api/v1/executions/batch-status', { body })).catch(() => ({}));
  return Object.values(found).filter((each): each is ExecutionSummary => 'last_activity_at' in (each as object));
}
