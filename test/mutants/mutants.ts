/** A program that is wrong in one place of its source, and the specs of `npm test` of which one has to fail for it. */
export interface SourceMutant {
  /** What it does wrong. */
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  readonly killedBy: readonly string[];
}

/** The source with the mutant's mistake. @throws Error where the place that it is about is not there, or not the only one */
export function mutated(source: string, { name, file, find, replace }: SourceMutant): string {
  const places = source.split(find).length - 1;
  if (places !== 1) throw new Error(`${name}: what it breaks stands ${places} times in ${file}, expected once`);
  return source.replace(find, () => replace);
}

const mutant = (file: string, name: string, find: string, replace: string, ...killedBy: string[]): SourceMutant => ({
  name,
  file,
  find,
  replace,
  killedBy: killedBy.map((spec) => `test/${spec}.spec.ts`),
});

/** Of the log. */
const STORE: readonly SourceMutant[] = [
  mutant(
    'src/event-store/postgres/group-commit.ts',
    'an append that waited too long is sent all the same',
    'waitsUntil < now',
    'waitsUntil < 0',
    'event-store/postgres-limits',
  ),
  mutant(
    'src/event-store/postgres/group-commit.ts',
    'nobody is told that the log has grown',
    'if (written.length > 0) this.options.onAppended(this.connection.top, written);',
    '',
    'event-store/postgres-tail',
  ),
  mutant(
    'src/event-store/postgres/append-queue.ts',
    'a batch judges an append by a stream that it writes',
    'this.written.has(stream) ||',
    '',
    'event-store/append-queue',
  ),
  mutant(
    'src/event-store/postgres/append-queue.ts',
    'a later append overtakes one of the same stream',
    'this.passed.has(stream) ||',
    '',
    'event-store/append-queue',
  ),
  mutant(
    'src/event-store/postgres/append-queue.ts',
    'the queue takes on any number of bytes',
    '|| this.bytes + append.bytes > this.limits.queueBytes',
    '',
    'event-store/append-queue',
    'event-store/postgres-limits',
  ),
  mutant(
    'src/event-store/postgres/append-connection.ts',
    'a lost append is found by its id, whatever stands under it',
    'row[3] === event.id && row[4] === event.type && row[5] === event.data && row[6] === event.metadata',
    'row[3] === event.id',
    'event-store/postgres-connection',
  ),
  mutant(
    'src/event-store/postgres/append-connection.ts',
    'a lost append takes for its own what stood before it',
    '&& BigInt(rows[0]![1]!) > unsureSince!',
    '',
    'event-store/postgres-connection',
  ),
  mutant(
    'src/event-store/postgres/reader.ts',
    'the tail takes a batch that is no piece of the log',
    'if (events.some(({ position }, n) => position !== from + BigInt(n))) return undefined;',
    '',
    'event-store/postgres-tail',
    'event-store/log-tail',
    'event-store/postgres-connection',
  ),
  mutant(
    'src/event-store/postgres/postgres-event-store.ts',
    'the tail is believed after a lost connection',
    'tail.forget();\n      listeners',
    'listeners',
    'event-store/postgres-tail',
    'event-store/postgres-connection',
  ),
  mutant(
    'src/event-store/postgres/log-tail.ts',
    'the tail joins what does not follow on it',
    'if (end !== page.after) this.forget();',
    '',
    'event-store/log-tail',
  ),
  mutant(
    'src/event-store/postgres/log-tail.ts',
    'the tail holds any number of pages',
    '|| this.held.length > MOST_PAGES',
    '',
    'event-store/log-tail',
  ),
  mutant(
    'src/event-store/postgres/sql/append.sql',
    'recorded_at runs backwards',
    'now_at := greatest(now_at, last_at);',
    'now_at := least(now_at, last_at);',
    'event-store/postgres',
    'event-store/postgres-lock',
    'service/clocks',
  ),
  mutant(
    'src/event-store/postgres/sql/append.sql',
    'a stamp is followed however far ahead it is',
    "if last_at > now_at + interval '5 minutes' then",
    'if false then',
    'service/clocks',
  ),
  mutant(
    'src/ledger.ts',
    'what is compared with a stamp is read off this machine’s clock',
    'clock: () => store.clock.now(),',
    'clock: () => store.clock.own(),',
    'service/clocks',
  ),
  mutant(
    'src/event-store/postgres/sql/append.sql',
    'the guard is not judged',
    'when a.guard_revision <> a.guard_head then 5',
    'when false then 5',
    'event-store/postgres',
  ),
  mutant(
    'src/event-store/postgres/sql/append.sql',
    'an id that stands in the stream is taken once more',
    'when k.n is not null then k.outcome',
    'when false then k.outcome',
    'event-store/postgres',
  ),
  mutant(
    'src/event-store/postgres/sql/append.sql',
    'stream_exists holds of a stream that is not there',
    'when -2 then a.head >= 0',
    'when -2 then true',
    'event-store/postgres',
  ),
  mutant(
    'src/event-store/postgres/listener.ts',
    'a listener does not ring for what was told before it listened',
    'this.bell.ring(); // what was told while nobody listened',
    '',
    'event-store/postgres-tail',
    'event-store/postgres-connection',
    'event-store/postgres',
  ),
  mutant(
    'src/event-store/expected-revision.ts',
    'any revision will do where an exact one was asked for',
    'return actual === expected;',
    'return actual >= expected;',
    'event-store/memory',
  ),
  mutant(
    'src/event-store/stream-pages.ts',
    'a long stream is read to the end of its first page',
    'if (isLastPage(page, asked)) return;',
    'return;',
    'event-store/fold-mark',
  ),
  mutant(
    'src/event-store/stream-pages.ts',
    'a page that was cut by its bytes is taken for the last',
    'page.length === 0 || text < PAGE_BYTES',
    'true',
    'event-store/memory',
  ),
  mutant(
    'src/event-store/fold-mark.ts',
    'a fold is believed that was written for another place',
    "if (hash('sha256', textOf(executionId, mark), 'base64url') !== digest) return undefined;",
    '',
    'event-store/fold-mark',
  ),
  mutant(
    'src/event-store/fold-mark.ts',
    'the fold of another program is gone on from',
    '|| fold.version !== executionStatus.version',
    '',
    'event-store/fold-mark',
  ),
  mutant(
    'src/event-store/same-log.ts',
    'a log that was restored is gone on with',
    '(await store.recordedAt(position)) === at',
    '(await store.recordedAt(position)) !== null',
    'service/restored',
  ),
  mutant(
    'src/event-store/eventstoredb/subscription.ts',
    'a subscription goes on in another log',
    'another = place.at !== at;',
    'another = false;',
    'event-store/eventstoredb-log',
  ),
  mutant(
    'src/application/fresh-executions.ts',
    'the row of another program is gone on from',
    'row?.foldVersion === executionStatus.version ? row.state : undefined',
    'row?.state',
    'service/wrong-rows',
  ),
];

/** Of the way to a verdict, but for the decision itself (see test/model). */
const APPLICATION: readonly SourceMutant[] = [
  mutant(
    'src/application/new-events.ts',
    'the ids of companion events are drawn anew',
    'companionId(last, index) : last;',
    'ownId() : last;',
    'application/idempotency',
    'properties/idempotency',
  ),
  mutant(
    'src/application/new-events.ts',
    'the first event of several bears the id',
    'index < events.length - 1 ?',
    'index > 0 ?',
    'application/idempotency',
    'http/races',
  ),
  mutant(
    'src/application/digest.ts',
    'the order of keys makes another body',
    'ordered(body ?? {}, IDS)',
    'body ?? {}',
    'http/races',
    'application/idempotency',
  ),
  mutant(
    'src/application/fresh-executions.ts',
    'batch-status believes a tail that was cut',
    'if (tail === undefined || tail.length === MAX_TAIL)',
    'if (tail === undefined)',
    'application/fresh-executions',
  ),
  mutant(
    'src/application/fresh-executions.ts',
    'batch-status goes on behind an event that cannot be read',
    'if (folded.broken !== undefined) ended.add(stream.executionId);',
    '',
    'application/fresh-executions',
  ),
  mutant(
    'src/application/execution-feed.ts',
    'the window of the stream forgets without moving its start',
    'this.start = position;',
    '',
    'application/followers',
  ),
  mutant(
    'src/application/execution-feed.ts',
    'a subscriber that returns is not told what changed meanwhile',
    'if (change.position > after) unseen.push(change);',
    'if (change.position > after + 1n) unseen.push(change);',
    'http/reads',
    'application/followers',
  ),
  mutant(
    'src/application/execution-feed.ts',
    'a subscriber is led on in a table that was restored',
    'if (short) {',
    'if (false) {',
    'application/followers',
  ),
  mutant(
    'src/application/refused-reports.ts',
    'refused reports are kept without a bound',
    'if (kept > REFUSED_KEPT) return [];',
    'if (kept > REFUSED_KEPT) return [refusedEvent(request, verdict, state)];',
    'application/refused-reports',
    'http/races',
  ),
  mutant(
    'src/application/run.ts',
    'each of a run is decided on the state before all',
    'if (writes && queue.length > run.length) working = fold(working, planned.events, deciding.now.at);',
    '',
    'application/races',
    'http/races',
  ),
  mutant(
    'src/application/turns.ts',
    'one process keeps an execution to itself',
    'if (runs % RUNS_IN_A_ROW === 0)',
    'if (runs % RUNS_IN_A_ROW === -1)',
    'application/races',
  ),
  mutant(
    'src/application/deadlines.ts',
    'what was timed out is asked for at every look',
    'this.decided = this.met;',
    'this.decided = new Map();',
    'application/followers',
  ),
  mutant(
    'src/application/stream-waiters.ts',
    'what comes during a look wakes nobody',
    'const bed = this.lieDown(stream); // before the look: what comes during it must wake us\n      try {\n        const { found, value } = await look();',
    'const { found, value } = await look();\n      const bed = this.lieDown(stream);\n      try {',
    'application/followers',
    'http/reads',
  ),
  mutant(
    'src/application/queries/refused-while-paused.handler.ts',
    'what was refused before the pause is told with what was refused during it',
    'if (judgedAt >= pausedAt && judgedAt < resumedAt)',
    'if (judgedAt < resumedAt)',
    'application/followers',
  ),
  mutant(
    'src/application/commands/cascade-cancel.handler.ts',
    'a cascade cancels what has ended on its own',
    "input: { kind: 'cancel', only_open: true, ...said }",
    "input: { kind: 'cancel', ...said }",
    'http/commands',
  ),
];

/** Of the tables. */
const READ_MODELS: readonly SourceMutant[] = [
  mutant(
    'src/projector/projection-store.ts',
    'a page is written wherever the checkpoint stands',
    'and position = $6 returning live',
    'and $6::bigint is not null returning live',
    'projector/transaction',
    'projector/leadership',
  ),
  mutant(
    'src/projector/projector.ts',
    'a page that was read twice is counted twice',
    'page.filter(({ position }) => position > this.checkpoint)',
    'page',
    'projector/counted-once',
    'projector/transaction',
    'projector/tables',
  ),
  mutant(
    'src/projector/page.ts',
    'what comes behind a parked event is folded',
    'folding.stopped = true;',
    '',
    'projector/parked',
    'projector/rows',
  ),
  mutant(
    'src/projector/page.ts',
    'the refusals of an execution are not counted',
    "if (folding?.kind === 'refused') this.refused.set(folding.executionId, stored.revision);",
    '',
    'projector/counted-once',
    'projector/rows',
    'http/reads',
  ),
  mutant(
    'src/projector/poison.ts',
    'a lost connection is the event’s own fault',
    'return error instanceof FoldFailed || error instanceof RangeError;',
    'return true;',
    'projector/parked',
    'projector/transaction',
    'projector/leadership',
  ),
  mutant(
    'src/projector/retry.ts',
    'a parked event is projected beyond the checkpoint',
    'if (stored.position <= checkpoint) yield stored;',
    'yield stored;',
    'projector/parked-retry',
  ),
  mutant(
    'src/projector/rebuild/swap.ts',
    'a rebuild is swapped in without catching up',
    'if (reached > live && !still) return false;',
    'if (reached > live && !still && drop) return false;',
    'projector/rebuild',
    'projector/paused-swap',
  ),
  mutant(
    'src/projector/rebuild/swap.ts',
    'a rebuild stands where it began to swap',
    'await catchUp(parts, client, swapping.version, live, heartbeat);\n    if (await trySwap',
    'if (await trySwap',
    'projector/rebuild',
  ),
  mutant(
    'src/projector/rebuild/swap.ts',
    'a pause is lost in a swap',
    'name,\n    version,\n    paused,\n  ]);',
    'name,\n    version,\n    false,\n  ]);',
    'projector/paused-swap',
  ),
  mutant(
    'src/read-model/checkpoint-watcher.ts',
    'who waits hears of another projection',
    '(checkpoints.get(projection) ?? START) >= position',
    '[...checkpoints.values()].some((at) => at >= position)',
    'read-model/checkpoint-watcher',
  ),
  mutant(
    'src/read-model/checkpoint-watcher.ts',
    'what was heard is believed of the next connection',
    'this.heard.clear();',
    '',
    'read-model/checkpoint-watcher',
  ),
  mutant(
    'src/read-model/shared-reads.ts',
    'a read that had begun answers who came later',
    'return (running.next ??= running.now.then(start, start));',
    'return (running.next ??= running.now);',
    'read-model/shared-reads',
  ),
  mutant(
    'src/read-model/list-query.ts',
    'a pattern of a prefix matches anything',
    "prefix.replace(/[\\\\%_]/g, '\\\\$&') + '%'",
    "prefix + '%'",
    'read-model/list',
  ),
  mutant(
    'src/read-model/due-query.ts',
    'what cannot be read is timed out',
    'and unreadable_revision is null',
    '',
    'http/time-outs',
    'read-model/due-plan',
    'projector/parked',
  ),
];

/** Of the edges. */
const EDGES: readonly SourceMutant[] = [
  mutant(
    'src/http/bulk-commands.ts',
    'a bulk goes on asking when the store is gone',
    "if (isOutOfReach(error)) this.lost = new StoreError('unavailable', error.message);",
    '',
    'service/bulk',
  ),
  mutant(
    'src/http/access.ts',
    'a key does everything',
    'if (!found.scopes.includes(scope))',
    'if (found.scopes.length === 0)',
    'http/access',
  ),
  mutant(
    'src/http/access.ts',
    'a foreign web page is answered',
    "if (foreign || headers['sec-fetch-site'] === 'cross-site')",
    "if (headers['sec-fetch-site'] === 'cross-site')",
    'http/access',
  ),
  mutant(
    'src/contract/json.ts',
    'a long number is rounded',
    'if (!LONG_NUMBER.test(text) && !ALL_LONG_NUMBER.test(text))',
    'if (!ALL_LONG_NUMBER.test(text))',
    'contract/json',
  ),
  mutant(
    'src/contract/json.ts',
    'a backslash is not escaped, and comes back as something else',
    "c === '\\\\' ? '\\\\\\\\' :",
    "c === '\\\\' ? '\\\\' :",
    'contract/json',
    'event-store/postgres',
  ),
];

/** Every mutant of the source outside the decider. */
export const MUTANTS: readonly SourceMutant[] = [...STORE, ...APPLICATION, ...READ_MODELS, ...EDGES];
