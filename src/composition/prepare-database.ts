import { PROJECTIONS } from '../../projections/index.js';
import { migrate } from '../postgres/migrate.js';
import { requireAppendOnly, roleOf } from '../postgres/rights.js';
import { prepareProjection } from '../projection-tables/versions.js';
import { connectFollower } from './follower-session.js';
import { MIGRATIONS } from './migrations.js';

/** The database that the ledger works on. */
export interface Database {
  /** As the role that serves. */
  readonly url: string;
  /** As the role that the log belongs to, where that is another: for what is done before the ledger serves. */
  readonly ownerUrl?: string | undefined;
  /** Where its files lie, if it is the embedded one. */
  readonly dataDir?: string;
}

/** Makes the tables of the database what this program expects. @throws StoreError when they are newer than it. */
export async function prepareDatabase({ url, ownerUrl }: Database, projections = PROJECTIONS): Promise<void> {
  const client = await connectFollower(url, 'start');
  try {
    const role = ownerUrl === undefined ? undefined : await roleOf(client);
    await migrate({ connectionString: ownerUrl ?? url, role }, MIGRATIONS);
    if (ownerUrl !== undefined) await requireAppendOnly(client);
    for (const projection of projections) await prepareProjection(client, projection);
  } finally {
    await client.end();
  }
}
