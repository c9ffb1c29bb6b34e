import { answered, client } from '../../shared/api.js';
import { randomId } from '../../shared/random-id.js';
import type { Search } from '../../shared/search.js';
import { bulkFilterOf } from './filters.js';
import { linesOf, slices, type BulkVerb, type Receipt } from './tally.js';
import type { SelectionSet } from './use-selection.js';

/** How many ids one request takes (docs/http-api.md, Bulk). */
const MOST_IDS = 500;

/** What is to be done, to what. */
export interface BulkRequest {
  readonly verb: BulkVerb;
  readonly selected: SelectionSet;
  /** What "all that match" means. */
  readonly query: Search;
}

interface How {
  readonly isDryRun: boolean;
  readonly reason?: string;
  /** Of the whole: sent again under it, what was done is not done twice. */
  readonly commandId?: string;
}

const bodiesOf = ({ selected, query }: BulkRequest): Record<string, unknown>[] =>
  selected === 'all'
    ? [{ filter: bulkFilterOf(query) }]
    : slices([...selected], MOST_IDS).map((execution_ids) => ({ execution_ids }));

export const newCommandId = (): string => `page-${randomId()}`;

async function* partsOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  // Not every browser iterates over streams.
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield decoder.decode(value, { stream: true });
  }
}

/** The receipts as they come. Whoever aborts stops what was not begun. @throws ApiProblem, Unreachable */
export async function* receiptsOf(asked: BulkRequest, how: How, signal: AbortSignal): AsyncGenerator<Receipt> {
  for (const body of bodiesOf(asked)) {
    const whole = {
      ...body,
      dry_run: how.isDryRun,
      ...(how.reason !== undefined && { reason: how.reason }),
      ...(how.commandId !== undefined && { command_id: how.commandId }),
    };
    const stream = await answered(
      client.POST(`/api/v1/bulk/${asked.verb}`, { body: whole as never, parseAs: 'stream', signal }),
    );
    for await (const line of linesOf(partsOf(stream as unknown as ReadableStream<Uint8Array>)))
      yield JSON.parse(line) as Receipt;
  }
}
