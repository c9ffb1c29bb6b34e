import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { executionStatus } from '../../../projections/execution-status.js';
import { PROJECTIONS } from '../../../projections/index.js';
import type { Projection } from '../../../projections/projection.js';
import type { Fact } from '../domain/given.js';
import { initial, type ExecutionState } from '../../../src/domain/execution.js';
import { executionStream, type StreamName } from '../../../src/domain/stream.js';
import type { EventStore, NewEvent } from '../../../src/event-store/event-store.js';
import type { PostgresOptions } from '../../../src/event-store/postgres/options.js';
import { createPostgresEventStore } from '../../../src/event-store/postgres/postgres-event-store.js';
import { readExecution, UnreadableEvent } from '../../../src/event-store/read-execution.js';
import { connectSession, dropSession } from '../../../src/postgres/session.js';
import { ExecutionStates } from '../../../src/projector/execution-states.js';
import { ControlListener } from '../../../src/projector/control-listener.js';
import { SharedPages, type SharedPagesOptions } from '../../../src/projector/shared-pages.js';
import { SubscriptionRunner } from '../../../src/projector/subscription-runner.js';
import { prepareProjection } from '../../../src/projection-tables/versions.js';
import { Projector, type ProjectorListener } from '../../../src/projector/projector.js';
import { PostgresReadModel } from '../../../src/read-model/postgres-read-model.js';
import { createTestDatabase, withClient, type TestDatabase } from '../store/postgres.js';

const LIMITS = { connectMs: 2_000, statementMs: 10_000, lockMs: 5_000 };
/** For projectors that nobody listens to. */
export const UNWATCHED: ProjectorListener = {
  parked: () => undefined,
  skipped: () => undefined,
  unread: () => undefined,
  lost: () => undefined,
  grown: () => undefined,
};

export const connectTo = (connectionString: string): Promise<pg.Client> =>
  connectSession(connectionString, LIMITS, 'projector');

/** What is asked of the projections of this database; its session is lost with the database. */
export const controlOf = (connectionString: string): ControlListener =>
  new ControlListener(() => connectTo(connectionString));

/** A projector that remembers nothing and shares nothing. */
export const projectorOf = (
  store: EventStore,
  projection: Projection = executionStatus,
  watch = UNWATCHED,
): Projector => new Projector(projection, store, new ExecutionStates(store, executionStatus), watch);

interface FollowOptions extends Partial<SharedPagesOptions> {
  readonly projections?: readonly Projection[];
}

/** Followers as the program starts them. */
export function followAll(
  connectionString: string,
  store: EventStore,
  { projections = PROJECTIONS, ...options }: FollowOptions = {},
): SubscriptionRunner[] {
  const states = new ExecutionStates(store, executionStatus);
  const following = { connect: () => connectTo(connectionString), onError: () => undefined, ...options };
  const shared = new SharedPages(store, states, following);
  const control = controlOf(connectionString);
  return projections.map((projection) => {
    const projector = new Projector(projection, store, states, UNWATCHED);
    return new SubscriptionRunner(store, projector, { control, shared, ...following });
  });
}

/** The same of one projection. */
export const follow = (
  connectionString: string,
  store: EventStore,
  onError = (_error: unknown): void => undefined,
  projection: Projection = executionStatus,
): SubscriptionRunner => followAll(connectionString, store, { onError, projections: [projection] })[0]!;

/** A log, the tables it is projected to, and a projector that works when it is told. */
export interface ProjectedLedger {
  readonly database: TestDatabase;
  readonly store: EventStore;
  readonly readModel: PostgresReadModel;
  /** What the projector said it passed over, since the projection was opened. */
  readonly parked: { position: string; error: string }[];
  sql<R extends pg.QueryResultRow>(text: string, ...values: unknown[]): Promise<R[]>;
  /** Appends wherever the stream stands. */
  write(stream: StreamName, ...events: NewEvent[]): Promise<bigint>;
  /** Everything that is not projected yet, in pages of this size, by projectors that remember nothing. */
  project(pageSize?: number, ...projections: Projection[]): Promise<void>;
  close(): Promise<void>;
}

/** `elsewhere`: the log, where it is not in the same database. */
export async function openProjection(
  options: Partial<PostgresOptions> = {},
  projections: readonly Projection[] = PROJECTIONS,
  elsewhere?: EventStore,
): Promise<ProjectedLedger> {
  const database = await createTestDatabase();
  const { connectionString } = database;
  const store = elsewhere ?? createPostgresEventStore({ connectionString, ...options });
  const readModel = new PostgresReadModel(connectionString, projections);
  const sessions = new pg.Pool({ connectionString, allowExitOnIdle: true }).on('error', () => undefined);
  const session = new KeptSession(connectionString);
  await prepareOwn(connectionString, projections);
  const parked: ProjectedLedger['parked'] = [];
  return {
    database,
    store,
    readModel,
    parked,
    sql: async (text, ...values) => (await sessions.query(text, values)).rows as never,
    write: async (stream, ...events) => {
      const outcome = await store.append({ stream, events, expectedRevision: 'any' });
      if (outcome.outcome !== 'appended') throw new Error(`not appended: ${outcome.outcome}`);
      return outcome.position;
    },
    project: async (pageSize = 1_000, ...some) => {
      for (const projection of some.length > 0 ? some : [executionStatus])
        await session.use((client) => projectAll(client, store, projection, pageSize, (event) => parked.push(event)));
    },
    close: async () => {
      await Promise.all([store.close(), readModel.close(), sessions.end(), session.end()]);
      await database.drop();
    },
  };
}

/** The tables of a test's own projections: those of the product stand in the template. */
async function prepareOwn(connectionString: string, projections: readonly Projection[]): Promise<void> {
  const own = projections.filter((projection) => !PROJECTIONS.includes(projection));
  if (own.length === 0) return;
  await withClient(connectionString, async (client) => {
    for (const projection of own) await prepareProjection(client, projection);
  });
}

/** A projector's session that is used again, as long as nothing failed on it: to begin one is most of the work of a small page. */
class KeptSession {
  private free: pg.Client | undefined;

  constructor(private readonly connectionString: string) {}

  async use(work: (client: pg.Client) => Promise<void>): Promise<void> {
    const client = this.free ?? (await connectTo(this.connectionString));
    this.free = undefined; // whoever else projects meanwhile has one of their own
    try {
      await work(client);
    } catch (error) {
      dropSession(client);
      throw error;
    }
    if (this.free) await client.end();
    else this.free = client;
  }

  async end(): Promise<void> {
    await this.free?.end().catch(() => undefined); // a test may have ended it
  }
}

async function projectAll(
  client: pg.Client,
  store: EventStore,
  projection: Projection,
  pageSize: number,
  onParked: (event: { position: string; error: string }) => void,
): Promise<void> {
  const projector = projectorOf(store, projection, { ...UNWATCHED, parked: onParked });
  let after = (await projector.begin(client))!;
  for (;;) {
    const page = await store.readAll(after, pageSize);
    if (page.length === 0) return;
    await projector.handle(client, page);
    after = page.at(-1)!.position;
  }
}

/** A fact as somebody appends it straight to the store. */
export function asWritten({ event, by = 'worker', occurred_at }: Fact): NewEvent {
  const metadata = {
    ...(by === 'nobody' ? {} : { reporter: { actor: 'somebody', authority: by } }),
    ...(occurred_at === undefined ? {} : { occurred_at }),
  };
  return { eventId: randomUUID(), type: event.type, data: event.data, metadata };
}

/** The fold of a stream up to its first event that cannot be read. */
export async function readableFold(store: EventStore, executionId: string): Promise<ExecutionState> {
  try {
    return await readExecution(store, executionId, initial);
  } catch (error) {
    if (!(error instanceof UnreadableEvent)) throw error;
    return readExecution(store, executionId, initial, error.revision - 1);
  }
}

/** One fact after the other, in an execution's stream. */
export const tell = (projection: ProjectedLedger, executionId: string, ...facts: Fact[]): Promise<bigint> =>
  projection.write(executionStream(executionId), ...facts.map(asWritten));
