import { HandleExecution } from '../../../src/application/deciding/handle-execution.js';
import { currentOf } from '../../../src/domain/verdict.js';
import { createPostgresEventStore } from '../../../src/event-store/postgres/postgres-event-store.js';
import { ask } from '../domain/given.js';
import { request } from '../ledger/handling.js';
import { runtimeWith } from '../ledger/runtime.js';

/** A process that is told an execution and a number, resumes it so often at once, and says each verdict with what stood then. */
const store = createPostgresEventStore({ connectionString: process.argv[2]! });
const runtime = runtimeWith();
const nobody = { decided: () => undefined, retried: () => undefined, omitted: () => undefined };
const executions = new HandleExecution(store, runtime, nobody);

process.on('message', ({ id, count }: { id: string; count: number }) => {
  const all = Array.from({ length: count }, () => executions.handle(request(id, ask.resume())));
  void Promise.all(all).then((handled) =>
    process.send!(handled.map(({ verdict, state }) => ({ verdict, current: currentOf(state) }))),
  );
});
process.on('disconnect', () => void store.close());
process.send!('ready');
