import { FileOutbox } from '../../src/client/file-outbox.js';
import { connect, Ledger } from '../../src/client/index.js';

/** Reports to a ledger that is not there, into an outbox in a folder; says when that is on the disk, and works on for ever. */
const [url, folder] = process.argv.slice(2);
const outbox = await FileOutbox.open(folder!);
await new Ledger(connect({ url }), { outbox }).run({ id: 'killed', target: 't' }, async (execution) => {
  execution.progress(7);
  while (outbox.size < 4) await new Promise(setImmediate);
  process.send!('kept');
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});
