import { Controller, Get, Inject, Optional, VERSION_NEUTRAL } from '@nestjs/common';
import { DiskSpace } from '../disk-space.js';
import { executionStatus } from '../../projections/execution-status.js';
import { RUNTIME, type Runtime } from '../application/ports.js';
import { isStuck, observe } from '../application/operating/projection-view.js';
import { Problem } from '../contract/problem.js';
import { liveness, readiness } from '../contract/readiness.js';
import { EVENT_STORE, type EventStore } from '../event-store/event-store.js';
import { READ_MODEL, type ReadModel } from '../read-model/read-model.js';
import { Needs } from './access.js';
import { Metrics } from './metrics.js';
import { Answers } from './openapi.js';
import { Http, type HttpCall } from './parameters.js';
import { SharedAnswer } from './shared-answer.js';

/** How old the answer may be of whether the ledger is ready, in milliseconds. */
const REMEMBERED_MS = 1_000;

/** How far the store's clock is ahead of this machine's, and the last stamp that was too far ahead to be followed. */
function clockOf({ clock }: EventStore) {
  const { offsetMs: offset_ms, stampAhead } = clock;
  if (stampAhead === undefined) return { offset_ms };
  const { aheadMs: ahead_ms, foundAt } = stampAhead;
  return { offset_ms, stamp_ahead: { ahead_ms, found_at: new Date(foundAt).toISOString() } };
}

/** For those who keep the ledger running (docs/http-api.md, Operations). */
@Controller({ version: VERSION_NEUTRAL })
export class OperationsController {
  /** Anybody may ask, on as many connections as he likes, and who decides waits for one look at most. */
  private readonly readiness = new SharedAnswer(() => this.look(), REMEMBERED_MS);

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    private readonly metrics: Metrics,
    @Optional() @Inject(DiskSpace) private readonly disk: DiskSpace | undefined,
  ) {}

  @Get('health/live')
  @Needs('public')
  @Answers(liveness)
  live() {
    return { status: 'live' };
  }

  @Get('health/ready')
  @Needs('public')
  @Answers(readiness, 503)
  ready() {
    return this.readiness.get();
  }

  private async look() {
    const statuses = await this.readModel.projections.statuses();
    const observed = await observe(this.store, statuses, this.runtime.clock());
    // What lists are read from decides; another projection that is stuck is its keeper's affair, not every caller's.
    const { status, head, lag, lost } = observed.find((one) => one.status.name === executionStatus.name)!;
    const { position } = status.checkpoint;
    if (lost)
      throw Problem.of(
        'unavailable',
        `the projection stands at ${position}, which the log at ${head} does not have or has otherwise: rebuild it`,
      );
    // Nor is a table of another program's version a reason to wait: its rebuild is, and is done while this one serves.
    if (status.ours && isStuck(status, lag)) {
      throw Problem.of('unavailable', `the projection stands at ${position} while the log is at ${head}`);
    }
    const projections = observed.map(({ status, lag, state }) => {
      const { name, checkpoint } = status;
      return [name, { state, checkpoint: String(checkpoint.position), ...lag }];
    });
    return {
      status: this.disk?.isFull ? 'read_only' : 'ready',
      head: String(head),
      checkpoint: String(position),
      projections: Object.fromEntries(projections) as Record<string, unknown>,
      clock: clockOf(this.store),
    };
  }

  @Get('metrics')
  @Needs('read', { reach: 'everything' })
  async scrape(@Http() { reply }: HttpCall) {
    void reply.header('content-type', this.metrics.contentType).serializer((payload: string) => payload);
    return this.metrics.text();
  }
}
