import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { failureGroups } from '../../projections/failure-groups.js';
import { runTree } from '../../projections/run-tree.js';
import { statusCounts } from '../../projections/status-counts.js';
import { outcomeHistogram } from '../../projections/outcome-histogram.js';
import { targetHealth } from '../../projections/target-health.js';
import { RUNTIME, type Runtime } from '../application/ports.js';
import { CountStatuses } from '../application/reading/count-statuses.handler.js';
import { Freshness } from '../application/reading/freshness.js';
import { ReadFailureGroups } from '../application/reading/read-failure-groups.handler.js';
import { ReadHistogram } from '../application/reading/read-histogram.handler.js';
import { ReadInbox } from '../application/operating/read-inbox.handler.js';
import { ReadTargetHealth } from '../application/reading/read-target-health.handler.js';
import { ReadTree } from '../application/reading/read-tree.handler.js';
import { nest, within } from '../application/reading/tree-view.js';
import * as histogram from '../contract/histogram.js';
import { inbox, inboxQuery, type InboxQuery } from '../contract/inbox.js';
import type { NamedExecution } from '../contract/primitives.js';
import { invalid, noExecution } from '../contract/problem.js';
import * as summaries from '../contract/summaries.js';
import type { Checkpoint } from '../projection-tables/checkpoint.js';
import { INTERVALS, type Interval } from '../read-model/summaries.js';
import { after, EPOCH } from '../domain/clock.js';
import { Needs, withinOf } from './access.js';
import { Answers } from './openapi.js';
import { Http, Id, type HttpCall } from './parameters.js';

const DAY_MS = 86_400_000;
const MOST_DAYS = 92;
const MOST_DAYS_BY_MINUTE = 31;
const DEFAULT_DEPTH = 5;
const DEFAULT_NODES = 200;

/** What many executions come to, each endpoint from a projection of its own (docs/http-api.md, Reads). */
@Controller()
@Needs('read')
export class SummariesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly freshness: Freshness,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  @Get('status-counts')
  @Needs('read', { reach: 'everything' })
  @Answers(summaries.statusCounts, 400, 409, 503)
  async counts(
    @Query({ schema: summaries.countsQuery }) { wait_for, wait_ms, ...request }: summaries.CountsQuery,
    @Http() http: HttpCall,
  ) {
    await this.freshness.untilProjected({ wait_for, wait_ms }, statusCounts.name);
    const { counts, as_of } = await this.fresh(this.queries.execute(new CountStatuses(request)), http);
    return { counts, as_of };
  }

  @Get('target-health')
  @Needs('read', { reach: 'everything' })
  @Answers(summaries.targetHealth, 400, 409, 503)
  async health(
    @Query({ schema: summaries.healthQuery }) { wait_for, wait_ms, target, ...asked }: summaries.HealthQuery,
    @Http() http: HttpCall,
  ) {
    const range = this.rangeOf(asked, MOST_DAYS);
    await this.freshness.untilProjected({ wait_for, wait_ms }, targetHealth.name);
    const { targets, as_of } = await this.fresh(this.queries.execute(new ReadTargetHealth({ target, ...range })), http);
    return { ...range, targets, as_of };
  }

  @Get('failure-groups')
  @Needs('read', { reach: 'everything' })
  @Answers(summaries.failureGroups, 400, 409, 503)
  async failures(
    @Query({ schema: summaries.failuresQuery }) { wait_for, wait_ms, from, to, ...asked }: summaries.FailuresQuery,
    @Http() http: HttpCall,
  ) {
    const range = this.rangeOf({ from, to }, MOST_DAYS_BY_MINUTE);
    await this.freshness.untilProjected({ wait_for, wait_ms }, failureGroups.name);
    const read = this.queries.execute(new ReadFailureGroups({ ...asked, ...range }));
    const { groups, more, as_of } = await this.fresh(read, http);
    return { ...range, groups, ...(more && { truncated: true }), as_of };
  }

  @Get('executions/histogram')
  @Needs('read', { reach: 'everything' })
  @Answers(histogram.histogram, 400, 409, 503)
  async histogram(
    @Query({ schema: histogram.histogramQuery }) query: histogram.HistogramQuery,
    @Http() http: HttpCall,
  ) {
    const { wait_for, wait_ms, from, to, interval = '1h', by = 'status', ...asked } = query;
    const range = wholeOf(this.rangeOf({ from, to }, MOST_DAYS_BY_MINUTE), interval);
    await this.freshness.untilProjected({ wait_for, wait_ms }, outcomeHistogram.name);
    const read = this.queries.execute(new ReadHistogram({ ...asked, ...range, interval, by }));
    const { buckets, as_of } = await this.fresh(read, http);
    return { ...range, interval, by, buckets, as_of };
  }

  @Get('inbox')
  @Needs('read', { reach: 'shown' })
  @Answers(inbox, 400, 409, 503)
  async inbox(@Query({ schema: inboxQuery }) query: InboxQuery, @Http() http: HttpCall) {
    await this.freshness.untilProjected(query);
    const { items, as_of } = await this.fresh(this.queries.execute(new ReadInbox(withinOf(http.request))), http);
    return { items, as_of };
  }

  /** A day up to now, unless asked otherwise. @throws Problem 400 for more than is answered at once */
  private rangeOf(
    asked: { from?: string | undefined; to?: string | undefined },
    mostDays: number,
  ): { from: string; to: string } {
    const now = new Date(this.runtime.clock()).toISOString();
    const to = asked.to ?? (asked.from === undefined || asked.from < now ? now : dayFrom(asked.from, 1));
    const from = asked.from ?? dayFrom(to, -1);
    if (Date.parse(to) - Date.parse(from) > mostDays * DAY_MS)
      throw invalid('from', `is more than ${mostDays} days before to`);
    return { from, to };
  }

  @Get('executions/:id/tree')
  @Answers(summaries.tree, 400, 404, 409, 503)
  async tree(
    @Id() { executionId: id }: NamedExecution,
    @Query({ schema: summaries.treeQuery }) query: summaries.TreeQuery,
    @Http() http: HttpCall,
  ) {
    await this.freshness.untilProjected(query, runTree.name);
    const { depth = DEFAULT_DEPTH, limit = DEFAULT_NODES } = query;
    const { tree, as_of } = await this.fresh(
      this.queries.execute(new ReadTree({ executionId: id, depth, limit })),
      http,
    );
    if (!tree) throw noExecution(id, ` at position ${as_of.position}`);
    const ids = withinOf(http.request);
    const { nodes, left } = within(ids, tree.nodes);
    const { root, whole } = nest(nodes);
    const counted = ids === undefined ? { run_counts: tree.run } : {};
    const truncated = tree.truncated || left || !whole ? { truncated: true } : {};
    return { run_id: tree.runId, ...counted, root, ...truncated, as_of };
  }

  private async fresh<Found extends { readonly checkpoint: Checkpoint }>(read: Promise<Found>, { reply }: HttpCall) {
    const found = await this.freshness.withAsOf(read);
    void reply.header('ledger-position', found.as_of.position);
    return found;
  }
}

const dayFrom = (at: string, days: number): string => after(at, days * DAY_MS);

/** All intervals that a range has a part of. @throws Problem 400 where these are too many, with one that would do */
function wholeOf({ from, to }: Readonly<Record<'from' | 'to', string>>, interval: Interval) {
  const { ms, mostDays } = INTERVALS[interval];
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
  if (days > mostDays)
    throw invalid(
      'interval',
      `${interval} is for ${mostDays} days at most: expected ${histogram.intervalFor(days)!} for so many`,
    );
  const at = (moment: string, round: (parts: number) => number) => after(EPOCH, round(Date.parse(moment) / ms) * ms);
  return { from: at(from, Math.floor), to: at(to, Math.ceil) };
}
