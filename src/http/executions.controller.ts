import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { sortedBy } from '../../projections/execution-status.js';
import { refuseOutside } from '../application/confinement.js';
import { nowOf, RUNTIME, type Runtime } from '../application/ports.js';
import { BatchStatus } from '../application/reading/batch-status.handler.js';
import { Freshness } from '../application/reading/freshness.js';
import { GetExecution } from '../application/reading/get-execution.handler.js';
import { ListExecutions } from '../application/reading/list-executions.handler.js';
import { ReadRefused } from '../application/reading/read-refused.handler.js';
import { ReadHistory } from '../application/reading/read-history.handler.js';
import { StateAt } from '../application/reading/state-at.handler.js';
import { batchStatus, type BareSummary } from '../contract/answers.js';
import {
  execution,
  showExecution,
  showInShort,
  type ExecutionView,
  type ShortenedExecution,
} from '../contract/execution.js';
import { refusedPage, historyPage } from '../contract/history.js';
import { readExecutionId, type NamedExecution } from '../contract/primitives.js';
import { invalid, noExecution } from '../contract/problem.js';
import * as queries from '../contract/queries.js';
import { START } from '../event-store/position.js';
import { sortKeyOf } from '../read-model/list-request.js';
import { READ_MODEL, type ReadModel, type ShortPage } from '../read-model/read-model.js';
import { Needs, withinOf } from './access.js';
import { cursorOf, readCursor, type PinnedList } from './cursor.js';
import { Answers } from './openapi.js';
import { goneSignal, Http, Id, type HttpCall } from './parameters.js';
import { jsonOf, memberOf, pageOf, whole, written } from './written.js';

const DEFAULT_LIMIT = 50;
const DEFAULT_EVENTS = 100;
const DEFAULT_UNTIL_MS = 30_000;

const unknownStatus = (id: string) => ({ execution_id: id, status: 'not_found' });
const barely = ({ executionId, state: { status, attempt, revision } }: ShortenedExecution): BareSummary => ({
  execution_id: executionId,
  status,
  attempt,
  revision,
  truncated: ['*'],
});

/** Where a page goes on whose last is this one. */
function cursorAfter(pinned: PinnedList, { executionId, state }: ShortenedExecution): string {
  const key = sortedBy(state)[sortKeyOf(pinned.sort)];
  return cursorOf(pinned, { key: key!, executionId });
}

/** How many there are, where that was asked for. */
const counted = ({ total: found }: Pick<ShortPage, 'total'>) =>
  found && { total: found.total, total_is_exact: found.isExact };

/** An execution, with what every answer about one carries (docs/http-api.md, Headers). */
function shown({ reply }: HttpCall, view: ExecutionView) {
  void reply.header('etag', `"${view.revision}"`).header('ledger-position', view.position);
  return whole(reply, view);
}

/** What dashboards and auditors read of executions (docs/http-api.md, Reads). */
@Controller('executions')
@Needs('read')
export class ExecutionsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly freshness: Freshness,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  @Get()
  @Needs('read', { reach: 'shown' })
  @Answers(queries.listPage, 400, 409, 503)
  async list(@Query({ schema: queries.listQuery }) query: queries.ListQuery, @Http() http: HttpCall) {
    const pinned = this.readList(query);
    await this.freshness.untilProjected(query);
    const filter = { ...pinned.filter, within: withinOf(http.request) };
    const { limit = DEFAULT_LIMIT, count } = query;
    const read = this.queries.execute(new ListExecutions({ ...pinned, filter, limit, count }));
    const page = await this.freshness.withAsOf(read);
    const show = (row: ShortenedExecution): object => showInShort(row, pinned.now);
    return pageOf(http.reply, { name: 'executions', ...page, besides: counted(page) }, show, (last) =>
      cursorAfter(pinned, last),
    );
  }

  private readList(query: queries.ListQuery): PinnedList {
    const { cursor, sort, limit: _limit, count: _count, wait_for: _for, wait_ms: _ms, ...filter } = query;
    if (cursor !== undefined) return readCursor(cursor, { filter, sort }, nowOf(this.runtime));
    return { filter, sort: sort ?? '-created_at', now: nowOf(this.runtime) };
  }

  @Post('batch-status')
  @Needs('read', { reach: 'named' })
  @HttpCode(200)
  @Answers(batchStatus, 400, 503)
  async batchStatus(
    @Body({ schema: queries.batchStatusBody }) body: { execution_ids: string[] },
    @Http() http: HttpCall,
  ) {
    const asked = body.execution_ids.map((written, index) => {
      const named = readExecutionId(written);
      if (typeof named === 'string') throw invalid(`execution_ids.${index}`, named);
      refuseOutside(withinOf(http.request), named.executionId, `execution_ids.${index}`);
      return [written, named.executionId] as const;
    });
    const found = await this.queries.execute(new BatchStatus(asked.map(([, id]) => id)));
    const now = nowOf(this.runtime);
    const latest = [...found.values()].map(({ state }) => state.position).reduce((a, b) => (a > b ? a : b), START);
    void http.reply.header('ledger-position', String(latest));
    const names = [...new Map(asked)];
    const as =
      (show: (one: ShortenedExecution) => object) =>
      ([key, id]: readonly [string, string]): string => {
        const one = found.get(id);
        return memberOf(key, one ? show(one) : unknownStatus(id));
      };
    const first = await written(
      names,
      as((one) => showInShort(one, now)),
    );
    const rest = names.slice(first.count).map(as(barely));
    const tail = `${rest.map((member) => `,${member}`).join('')}}`;
    return jsonOf(http.reply, [Buffer.from('{'), ...first.pieces, Buffer.from(tail)]);
  }

  @Get(':id')
  @Answers(execution, 400, 404, 409, 503)
  async one(
    @Id() { executionId: id }: NamedExecution,
    @Query({ schema: queries.executionQuery }) query: queries.WaitFor & { until?: 'terminal' | undefined },
    @Http() http: HttpCall,
  ) {
    if (query.until === undefined) await this.freshness.untilProjected(query);
    else if (query.wait_for !== undefined) await this.freshness.untilProjected({ wait_for: query.wait_for });
    const waitMs = query.until === undefined ? 0 : (query.wait_ms ?? DEFAULT_UNTIL_MS);
    const found = await this.queries.execute(new GetExecution(id, waitMs, goneSignal(http)));
    if (!found) throw noExecution(id);
    const view = showExecution(id, found.state, nowOf(this.runtime), found.refusedCount, found.unreadable);
    return shown(http, view);
  }

  @Get(':id/events')
  @Answers(historyPage, 400, 404, 503)
  async tape(
    @Id() { executionId: id }: NamedExecution,
    @Query({ schema: queries.historyQuery }) query: { from_revision?: number; limit?: number; wait_ms?: number },
    @Http() http: HttpCall,
  ) {
    const { from_revision = 0, limit = DEFAULT_EVENTS, wait_ms = 0 } = query;
    const found = await this.queries.execute(new ReadHistory(id, from_revision, limit, wait_ms, goneSignal(http)));
    if (!found) throw noExecution(id);
    const { page, position } = found;
    void http.reply.header('etag', `"${page.head_revision}"`).header('ledger-position', String(position));
    return page;
  }

  @Get(':id/refused')
  @Answers(refusedPage, 400, 404, 503)
  async refused(
    @Id() { executionId: id }: NamedExecution,
    @Query({ schema: queries.refusedQuery }) query: { from_revision?: number; limit?: number },
  ) {
    const page = await this.queries.execute(
      new ReadRefused(id, query.from_revision ?? 0, query.limit ?? DEFAULT_EVENTS),
    );
    if (!page) throw noExecution(id);
    return page;
  }

  @Get(':id/state')
  @Answers(execution, 400, 404, 503)
  async state(
    @Id() { executionId: id }: NamedExecution,
    @Query({ schema: queries.stateQuery }) query: { at_revision?: number; at_time?: string },
    @Http() http: HttpCall,
  ) {
    const { at_revision, at_time } = query;
    const when = at_time === undefined ? { revision: at_revision! } : { time: at_time };
    const past = await this.queries.execute(new StateAt(id, when));
    if (past === undefined) throw noExecution(id);
    if (past === 'beyond') throw invalid('at_revision', `${at_revision} is beyond the head of the stream`);
    const { rows } = await this.readModel.findMany([id]);
    const now = { ...nowOf(this.runtime), at: past.at };
    const view = showExecution(id, past.state, now, rows.get(id)?.refusedCount ?? 0);
    return shown(http, view);
  }
}
