import { decodeText } from '../encoding/json.js';
import { executionStream } from '../domain/stream.js';
import { inTransaction } from '../postgres/transaction.js';
import { tableOf } from '../projection-tables/table.js';
import { writeStream, type LoadContext } from './write-folds.js';

/**
 * From how many bytes on an id may be more than an index entry holds, beside whatever else is in the entry. Who writes to the
 * store himself can choose such a one. A live table takes its row only while its indexes do; one without indexes takes any, and
 * then none could be made.
 */
const LONG = 1_500;

/** Takes rows out of a table that may keep its indexes from being made; they are there as parked before the log. */
export async function holdBack({ client, projection, record }: LoadContext): Promise<void> {
  await client.query(
    `with held as (
       delete from ${tableOf(projection, record.version)} where octet_length(execution_id) > ${LONG} returning execution_id
     ), unparked as (
       delete from ledger.parked_events
        where projection = $1 and version = $2 and execution_id in (select execution_id from held)
     )
     insert into ledger.parked_events (projection, version, position, event_type, execution_id, revision, error)
     select $1, $2, -row_number() over (), '', execution_id, 0, '' from held`,
    [projection.name, record.version],
  );
}

/** Writes what was held back, now that it shows what the indexes take: up to the event that they do not, which is parked. */
export async function writeHeldBack(to: LoadContext): Promise<void> {
  const { client, projection, record } = to;
  const identity = [projection.name, record.version];
  const { rows } = await client.query<{ position: string; execution_id: string }>(
    'select position, execution_id from ledger.parked_events where projection = $1 and version = $2 and position < 0',
    identity,
  );
  for (const { position, execution_id } of rows) {
    await inTransaction(client, async () => {
      const text = 'delete from ledger.parked_events where projection = $1 and version = $2 and position = $3';
      await client.query(text, [...identity, position]);
      await writeStream(to, executionStream(decodeText(execution_id)));
    });
  }
}
