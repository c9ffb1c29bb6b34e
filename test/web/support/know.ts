import type pg from 'pg';
import { withClient } from '../../support/store/postgres.js';
import type { Site } from './site.js';

/** Has the ledger know of executions of which the log knows nothing: `fill` puts them into its tables alone. */
export async function know(site: Site, fill: (client: pg.Client) => Promise<void>): Promise<void> {
  await site.stop();
  await withClient(site.databaseUrl, async (client) => {
    const { rows } = await client.query('select projection, version, position from ledger.checkpoints');
    await fill(client);
    for (const { projection, version, position } of rows)
      await client.query('update ledger.checkpoints set position = $1 where projection = $2 and version = $3', [
        ...[position, projection, version],
      ]);
    await client.query('vacuum analyze');
  });
  await site.start();
}
