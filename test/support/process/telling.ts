import { FileOutbox } from '../../../src/client/file-outbox.js';
import { connect, Ledger, MemoryOutbox } from '../../../src/client/index.js';

/** Reports to a ledger that is not there: in memory, and is done; or in a folder, says when that is on the disk, and works on. */
const [url, where] = process.argv.slice(2);
const outbox = where === 'in memory' ? new MemoryOutbox() : await FileOutbox.open(where!);
await new Ledger(connect({ url }), { outbox }).run(
  { id: 'killed', target: 't', patienceMs: 200 },
  async (execution) => {
    execution.progress(7);
    if (where === 'in memory') return;
    while (outbox.size < 4) await new Promise(setImmediate);
    process.send!('kept');
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  },
);
