import fc from 'fast-check';
import { HandleExecution } from '../../src/application/deciding/handle-execution.js';
import type { LedgerRequest } from '../../src/application/request.js';
import { stringifyJson } from '../../src/encoding/json.js';
import { eventReport, statusReport } from '../../src/contract/reports.js';
import { readReport } from '../../src/contract/read-report.js';
import { fromEvent, fromStatus } from '../../src/contract/to-input.js';
import { withUnplaced } from '../../src/contract/unplaced.js';
import { sameJson, type Json, type JsonObject } from '../../src/domain/json.js';
import { executionStream, refusedStream } from '../../src/domain/stream.js';
import { understood } from '../../src/domain/words.js';
import { createMemoryEventStore } from '../../src/event-store/memory/memory-event-store.js';
import type { WithActor } from '../../src/http/access.js';
import { toRequest } from '../../src/http/incoming-request.js';
import { ask } from '../support/domain/given.js';
import { runtimeWith } from '../support/ledger/runtime.js';

const ID = 'x';
const WORDS = ['pending', 'queued', 'running', 'waiting', 'paused', 'succeeded', 'failed', 'timeout', 'cancelled'];
const TELLING = ['crashed', 'skipped', 'blocked', 'cancelling', 'partial'];

/** A value for each member that says something of the execution; two of different numbers never have one of them in common. */
const VALUES: Readonly<Record<string, (n: number) => Json>> = {
  result: (n) => ({ rows: [n] }),
  error: (n) => (n % 2 ? `error ${n}` : { message: `error ${n}`, code: `code ${n}` }),
  error_details: (n) => [`details ${n}`],
  error_status_code: (n) => 1000 + n,
  duration_ms: (n) => 2000 + n,
  completed_at: (n) => new Date(Date.UTC(2020, 0, 1) + n).toISOString(),
  progress: (n) => (n % 3 ? n / 1000 : `${n}%`),
  message: (n) => (n % 3 ? `message ${n}` : { text: `message ${n}` }),
  data: (n) => ({ data: n }),
  status_reason: (n) => `reason ${n}`,
  worker: (n) => `worker ${n}`,
  workflow_id: (n) => `workflow ${n}`,
  run_id: (n) => `run ${n}`,
  target: (n) => `target ${n}`,
  kind: (n) => `kind ${n}`,
  labels: (n) => ({ [`l${n % 3}`]: `label ${n}`, bad: n }),
  parent_execution_id: (n) => `parent ${n}`,
  input_data: (n) => ({ input: n }),
  error_message: (n) => `misnamed ${n}`,
  state: (n) => `state ${n}`,
  Duration: (n) => 3000 + n,
};
const MEMBERS = Object.keys(VALUES);

interface Said {
  readonly endpoint: 'event' | 'status';
  readonly status?: string | undefined;
  readonly members: readonly string[];
  /** The numbers that its values are made of: small, so that reports repeat each other. */
  readonly n: number;
  readonly inferred?: true | undefined;
}
const said: fc.Arbitrary<Said> = fc.record({
  endpoint: fc.constantFrom('event', 'status'),
  status: fc.constantFrom(undefined, ...WORDS, ...WORDS, ...TELLING),
  members: fc.oneof(
    fc.constantFrom(...MEMBERS).map((one) => [one]),
    fc.subarray(MEMBERS),
  ),
  n: fc.integer({ min: 1, max: 9 }),
  inferred: fc.constantFrom(undefined, undefined, true as const),
});
const commands = fc.constantFrom(ask.pause(), ask.resume(), ask.resume({ new_attempt: true }), ask.cancel());

/** A report as its endpoint makes a request of it. */
function requestOf({ endpoint, status, members, n, inferred }: Said): LedgerRequest {
  const values = Object.fromEntries(members.map((member) => [member, VALUES[member]!(n)]));
  const body = { ...values, ...(inferred ? { inferred } : {}) };
  const named = { executionId: ID };
  if (endpoint === 'status') {
    const raw = { ...body, status: status ?? 'running' };
    const read = readReport(statusReport, raw);
    const input = fromStatus(read, named, understood);
    const at = { source: 'status', kind: 'report', keepsReport: true };
    return {
      ...toRequest({ headers: {} } as WithActor, named, withUnplaced(read, input, understood), at, raw).envelope,
      input,
    };
  }
  const raw = { ...body, execution_id: ID, ...(status === undefined ? {} : { status }) };
  const read = readReport(eventReport, raw);
  const input = fromEvent(read, understood);
  const at = { source: 'events', kind: 'report', keepsReport: true };
  return {
    ...toRequest({ headers: {} } as WithActor, named, withUnplaced(read, input, understood), at, raw).envelope,
    input,
  };
}

/** Whether the value stands anywhere in there: by itself, or written out in a text. */
function stands(value: Json, within: Json): boolean {
  if (sameJson(value, within)) return true;
  if (typeof within === 'string') return typeof value === 'object' && within.includes(stringifyJson(value));
  return typeof within === 'object' && within !== null && Object.values(within).some((member) => stands(value, member));
}

/** What a member says, each label by itself. */
const valuesOf = (member: string, value: Json): Json[] =>
  member === 'labels' ? Object.values(value as JsonObject) : [value];

it('§7.11 whatever a report says, in whatever state: it stands in the stream, beside it, or in what was refused', async () => {
  let [applied, duplicates, refused] = [0, 0, 0];
  const steps = fc.array(fc.oneof({ weight: 6, arbitrary: said }, { weight: 1, arbitrary: commands }), {
    minLength: 2,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(steps, async (asked) => {
      const ms = 1_900_000_000_000;
      const store = createMemoryEventStore(() => new Date(ms).toISOString());
      const runtime = runtimeWith({ clock: () => ms });
      const nobody = { decided: () => undefined, retried: () => undefined, omitted: () => undefined };
      const executions = new HandleExecution(store, runtime, nobody);
      const all = async (stream: string): Promise<Json[]> =>
        (await store.readStream(stream)).map(({ data, metadata: { unread } }) => [data, unread]);
      await executions.handle(requestOf({ endpoint: 'event', status: 'running', members: [], n: 0 }));
      for (const one of asked) {
        if (!('endpoint' in one)) {
          const origin = { actor: 'a', source: 'test' };
          await executions.handle({ executionId: ID, input: one, origin, digest: one.kind, redacted: undefined });
          continue;
        }
        const request = requestOf(one);
        const { verdict } = await executions.handle(request);
        if (verdict === 'applied') applied++;
        else if (verdict === 'duplicate') duplicates++;
        else refused++;
        const kept = [...(await all(executionStream(ID))), ...(await all(refusedStream(ID)))];
        const lost = one.members.flatMap((member) =>
          valuesOf(member, VALUES[member]!(one.n)).flatMap((value) => (stands(value, kept) ? [] : [{ member, value }])),
        );
        expect({ verdict, lost }).toEqual({ verdict, lost: [] });
      }
      await store.close();
    }),
    { numRuns: 150 }, // in every run: by fewer a mutant was missed one time in ten
  );
  for (const many of [applied, duplicates, refused]) expect(many).toBeGreaterThan(10);
});
