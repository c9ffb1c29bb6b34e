import type { MigrationClass } from '../../../postgres/migrate.js';
import { BoundStamps1764000600000 } from './1764000600000-bound-stamps.js';
import { CreateLedger1764000000000 } from './1764000000000-create-ledger.js';
import { KeepLogPages1764000800000 } from './1764000800000-keep-log-pages.js';

/** The event store's migrations, oldest first. */
export const eventStoreMigrations: readonly MigrationClass[] = [
  CreateLedger1764000000000,
  BoundStamps1764000600000,
  KeepLogPages1764000800000,
];
