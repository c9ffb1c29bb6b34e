import { setTimeout as pause } from 'node:timers/promises';
import { digestOf } from '../../../src/application/deciding/digest.js';
import { HandleExecution } from '../../../src/application/deciding/handle-execution.js';
import type { DecisionResult, LedgerRequest } from '../../../src/application/request.js';
import type { Input } from '../../../src/domain/decision.js';
import type { Json } from '../../../src/domain/json.js';
import type { StoredEvent, EventStore } from '../../../src/event-store/event-store.js';
import { createMemoryEventStore } from '../../../src/event-store/memory/memory-event-store.js';
import { createPostgresEventStore } from '../../../src/event-store/postgres/postgres-event-store.js';
import { executionStream, refusedStream } from '../../../src/domain/stream.js';
import { createTestDatabase, letTimePass } from '../store/postgres.js';
import { watch, type WatchedStore } from '../store/watched-store.js';
import { runtimeWith } from './runtime.js';

/** The time that every instance of a test goes by: the machine's, and what the test lets pass. */
export class Clock {
  private passed = 0;
  readonly read = (): number => Date.now() + this.passed;
  pass(ms: number): void {
    this.passed += ms;
  }
}

/** One process's way to a verdict, with its own cache, over a store that others write too. */
export interface Instance {
  readonly executions: HandleExecution;
  readonly store: WatchedStore;
  /** What it told whoever watches it. */
  readonly told: { retried: number; omitted: number };
  ask(executionId: string, input: Input, more?: Partial<LedgerRequest>): Promise<DecisionResult>;
}

/** A ledger of as many instances as a test wants, over one store. */
export interface World {
  readonly clock: Clock;
  /** Makes all that is recorded so much older, for instances that do not remember it. */
  age(ms: number): Promise<unknown>;
  instance(): Instance;
  stream(executionId: string): Promise<StoredEvent[]>;
  refused(executionId: string): Promise<StoredEvent[]>;
  dispose(): Promise<void>;
}

/** A request as an endpoint would make it of this input. */
export const request = (executionId: string, input: Input, more: Partial<LedgerRequest> = {}): LedgerRequest => ({
  executionId,
  input,
  redacted: undefined,
  origin: { actor: 'tester', source: 'test' },
  digest: digestOf(input.kind, input as Json),
  ...(input.kind === 'report' ? { received: input as Json } : {}),
  ...more,
});

function createInstance(base: EventStore, clock: Clock): Instance {
  const store = watch(base);
  const told = { retried: 0, omitted: 0 };
  const runtime = runtimeWith({ clock: clock.read });
  const executions = new HandleExecution(store, runtime, {
    decided: () => undefined,
    retried: () => void told.retried++,
    omitted: () => void told.omitted++,
  });
  return {
    executions,
    store,
    told,
    ask: (id, input, more) => executions.handle(request(id, input, more)),
  };
}

/** Over a store that can be opened again and again; `age` is its way to {@link World.age}. */
export const worldOf = (open: () => EventStore, clock: Clock, age: World['age'], drop: () => Promise<void>): World => {
  const opened: EventStore[] = [];
  const another = (): EventStore => {
    const store = open();
    opened.push(store);
    return store;
  };
  const reader = another();
  return {
    clock,
    age,
    instance: () => createInstance(another(), clock),
    stream: (id) => reader.readStream(executionStream(id)),
    refused: (id) => reader.readStream(refusedStream(id), { limit: 2_000 }),
    dispose: async () => {
      await Promise.all(opened.map((store) => store.close()));
      await drop();
    },
  };
};

/** Instances that share this process's memory. */
export async function inMemory(): Promise<World> {
  const clock = new Clock();
  const store = createMemoryEventStore(() => new Date(clock.read()).toISOString());
  return worldOf(
    () => store,
    clock,
    async (ms) => clock.pass(ms),
    async () => undefined,
  );
}

/** Instances with connections of their own to one database. */
export async function inPostgres(): Promise<World> {
  const { connectionString, drop } = await createTestDatabase();
  // The database's clock is its own: what it has recorded is set back instead.
  const age = (ms: number) => letTimePass(connectionString, ms);
  return worldOf(() => createPostgresEventStore({ connectionString }), new Clock(), age, drop);
}

/** A world for the tests of the enclosing block; each test begins with an execution that no other knows. */
export function eachIn(
  open: () => Promise<World>,
  begin: (world: World, executionId: string) => void | Promise<void>,
): void {
  let opened: World;
  beforeAll(async () => {
    opened = await open();
  }, 30_000);
  beforeEach(() => begin(opened, freshId()));
  afterAll(() => opened?.dispose(), 30_000);
}

export const WORLDS = [
  ['in memory', inMemory],
  ['in PostgreSQL', inPostgres],
] as const;

let last = 0;
/** An execution that no other test knows. */
export const freshId = (): string => `x${++last}-${process.pid}`;

/** When this turn of the event loop is over, and with it whatever was only about to end. */
export const idle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A moment for others, for loops that look until something is there: without it they take a core for themselves. */
export const moment = (): Promise<void> => pause(3);
