import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import {
  INBOX_LISTS,
  INBOX_LIST_KINDS,
  listAddress,
  type InboxProjectionKind,
  type InboxItem,
} from '../../contract/inbox.js';
import { compact } from '../../domain/json.js';
import { EVENT_STORE, type EventStore } from '../../event-store/event-store.js';
import type { Checkpoint } from '../../projection-tables/checkpoint.js';
import { READ_MODEL, type ReadModel } from '../../read-model/read-model.js';
import type { Selection } from '../../read-model/list-request.js';
import { SharedReads } from '../../read-model/shared-reads.js';
import { nowOf, RUNTIME, type Runtime } from '../ports.js';
import { observe, type ProjectionObservation } from './projection-view.js';

interface Inbox {
  readonly items: readonly InboxItem[];
  readonly checkpoint: Checkpoint;
}

/** `GET /inbox`, of the executions whose ids begin so; without a beginning, of all and of the projections. */
export class ReadInbox extends Query<Inbox> {
  constructor(readonly within?: string) {
    super();
  }
}

@QueryHandler(ReadInbox)
export class ReadInboxHandler implements IQueryHandler<ReadInbox> {
  /** Every open page asks for the same again and again. */
  private readonly reads = new SharedReads<Inbox>();

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  execute({ within }: ReadInbox): Promise<Inbox> {
    return this.reads.get(within ?? '', () => this.read(within));
  }

  private async read(within: string | undefined): Promise<Inbox> {
    const of = (filter: Selection): Selection => ({ ...filter, within });
    const filters = Object.fromEntries(INBOX_LIST_KINDS.map((kind) => [kind, of(INBOX_LISTS[kind])]));
    const [{ counted, checkpoint }, ofProjections] = await Promise.all([
      this.readModel.inbox({ filters, now: nowOf(this.runtime) }),
      within === undefined ? this.projectionItems() : [],
    ]);
    const lists = INBOX_LIST_KINDS.map((kind): InboxItem => {
      const { total: count, isExact: count_is_exact, oldest: oldest_at } = counted.get(kind)!;
      return compact({ kind, count, count_is_exact, oldest_at, query: listAddress(kind) }) as InboxItem;
    });
    return { items: [...lists, ...ofProjections], checkpoint };
  }

  private async projectionItems(): Promise<InboxItem[]> {
    const now = this.runtime.clock();
    const observed = await observe(this.store, await this.readModel.projections.statuses(), now);
    return Object.entries(PROJECTION_FINDERS).map(([kind, of]) => {
      const { count, since } = of(observed, now);
      const oldest_at = since.sort()[0];
      return compact({ kind, count, count_is_exact: true, oldest_at, query: '/api/v1/projections' }) as InboxItem;
    });
  }
}

type InboxFinder = (
  observed: readonly ProjectionObservation[],
  now: number,
) => { readonly count: number; readonly since: string[] };

const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);

/** What the projections need a person for: how much, and since when of each. */
const PROJECTION_FINDERS: Readonly<Record<InboxProjectionKind, InboxFinder>> = {
  drift: (observed) => ({
    count: sum(observed.map(({ status }) => status.drifted)),
    since: observed.flatMap(({ status }) => status.driftedSince ?? []),
  }),
  parked_events: (observed) => ({ count: sum(observed.map(({ status }) => status.parked)), since: [] }),
  stalled_projections: (observed, now) => {
    const stalled = observed.filter(({ state }) => state === 'stalled');
    return {
      count: stalled.length,
      since: stalled.map(({ status }) => new Date(now - status.stillMs).toISOString()),
    };
  },
};
