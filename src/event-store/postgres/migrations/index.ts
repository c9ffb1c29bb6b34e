import type { MigrationClass } from '../../../postgres/migrate.js';
import { CreateLedger1764000000000 } from './1764000000000-create-ledger.js';

/** The event store's migrations, oldest first. */
export const eventStoreMigrations: readonly MigrationClass[] = [CreateLedger1764000000000];
