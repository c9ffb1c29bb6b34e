import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { components } from '../../client/openapi.js';

export type ExecutionSummary = components['schemas']['ExecutionSummary'];

/**
 * What the page hears of changes as they happen (docs/http-api.md, Following): one stream for all of it.
 *
 * `connecting` until the first word; `live` while the ledger is heard; `lost` from an error until it is heard again. The browser
 * comes back by itself with the last position, so that nothing is missed; where it gives up (an answer that is no stream), a
 * new stream goes on from there.
 */
export interface Live {
  readonly state: 'connecting' | 'live' | 'lost';
  /** The position up to which changes were heard. */
  readonly position?: string;
  /** When the ledger was last heard of, in milliseconds since 1970. */
  readonly heardAt?: number;
}

/** Changes are handed out together: five hundred a second, one by one, would be as many pictures. */
const GATHER_MS = 250;
const AGAIN_MS = 2_000;

let live: Live = { state: 'connecting' };
let source: EventSource | undefined;
let gathered: ExecutionSummary[] = [];
let handing: ReturnType<typeof setTimeout> | undefined;
let again: ReturnType<typeof setTimeout> | undefined;
const observers = new Set<() => void>();
const returns = new Set<() => void>();
const followers = new Set<(changed: readonly ExecutionSummary[]) => void>();

function become(next: Partial<Live>): void {
  live = { ...live, ...next };
  for (const observer of observers) observer();
}

function hear({ data, lastEventId }: MessageEvent<string>): void {
  gathered.push(JSON.parse(data) as ExecutionSummary);
  handing ??= setTimeout(() => {
    const changed = gathered;
    [gathered, handing] = [[], undefined];
    become({ state: 'live', position: lastEventId, heardAt: Date.now() });
    for (const follower of followers) follower(changed);
  }, GATHER_MS);
}

function open(): void {
  const after = live.position === undefined ? '' : `?after=${live.position}`;
  source = new EventSource(`/api/v1/stream${after}`);
  source.onopen = () => {
    const wasLost = live.state === 'lost';
    become({ state: 'live', heardAt: Date.now() });
    if (wasLost) for (const back of returns) back();
  };
  source.addEventListener('execution', hear);
  source.onerror = () => {
    become({ state: 'lost' });
    if (source?.readyState !== EventSource.CLOSED) return;
    close();
    // An answer that is no stream: the position may be one that a restored log has not reached.
    const { position: _position, ...rest } = live;
    live = rest;
    again = setTimeout(open, AGAIN_MS);
  };
}

function close(): void {
  source?.close();
  source = undefined;
  clearTimeout(again);
}

/**
 * A page that nobody sees lets go of its stream: a browser has six connections to one host, and the seventh page that is left
 * open would have none. It goes on from its position when it is seen again.
 */
document.addEventListener('visibilitychange', () => {
  if (observers.size === 0) return;
  if (document.hidden) close();
  else if (source === undefined) open();
});

/** Acts when the ledger is heard again after it was lost: what failed meanwhile is asked for anew. */
export const onReturn = (act: () => void): void => void returns.add(act);

function observe(observer: () => void): () => void {
  observers.add(observer);
  if (source === undefined) open();
  return () => {
    observers.delete(observer);
    if (observers.size === 0) close(); // where nobody is signed in it would be refused again and again
  };
}

/** Comes back at once, for whoever does not want to wait. */
export function reconnect(): void {
  close();
  open();
}

export const useLive = (): Live => useSyncExternalStore(observe, () => live);

/** Tells the executions that changed, gathered, while the part of the page is shown. */
export function useChanges(follow: (changed: readonly ExecutionSummary[]) => void): void {
  const latest = useRef(follow);
  useEffect(() => void (latest.current = follow));
  useEffect(() => {
    const follower = (changed: readonly ExecutionSummary[]): void => latest.current(changed);
    followers.add(follower);
    return () => void followers.delete(follower);
  }, []);
}
