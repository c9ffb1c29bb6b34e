import { weigh } from '../encoding/json.js';
import type { StreamName } from '../domain/stream.js';
import { PAGE_BYTES, type EventStore, type ReadStreamOptions, type StoredEvent } from './event-store.js';

interface PageOptions extends ReadStreamOptions {
  readonly page?: number;
}

/** Events per page: what is held of a stream at once. */
export const STREAM_PAGE = 1_000;
/** JSON text is at most so many times what the value weighs: a control character has six characters. */
const TEXT_PER_WEIGHT = 3;

/** Whether nothing comes behind a page of a stream: it has fewer events than asked for, and was not cut by its bytes. */
export function isLastPage(page: readonly StoredEvent[], asked: number): boolean {
  if (page.length >= asked) return false;
  let text = 0;
  for (const { data, metadata } of page) text += TEXT_PER_WEIGHT * (weigh(data) + weigh(metadata));
  return page.length === 0 || text < PAGE_BYTES;
}

/**
 * The events of one stream, page by page, from a revision on (or back from it): the one reading of streams of any length,
 * which holds a page at a time however large its events are. `limit`: of all pages together; `page`: of each.
 */
export async function* streamPages(
  store: Pick<EventStore, 'readStream'>,
  stream: StreamName,
  { direction = 'forwards', fromRevision, limit = Infinity, page: most = STREAM_PAGE }: PageOptions = {},
): AsyncGenerator<StoredEvent[], void, undefined> {
  let from = fromRevision;
  for (let left = limit; left > 0;) {
    const asked = Math.min(left, most);
    const place = from === undefined ? {} : { fromRevision: from };
    const page = await store.readStream(stream, { direction, limit: asked, ...place });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (isLastPage(page, asked)) return;
    left -= page.length;
    from = last.revision + (direction === 'forwards' ? 1 : -1);
    if (from < 0) return;
  }
}
