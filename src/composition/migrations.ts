import { eventStoreMigrations } from '../event-store/postgres/migrations/index.js';
import { KeepKeyUses1764000700000 } from '../api-keys/migrations/1764000700000-keep-key-uses.js';
import { KeepSessionSecret1764001100000 } from '../api-keys/migrations/1764001100000-keep-session-secret.js';
import { projectionTableMigrations } from '../projection-tables/migrations/index.js';

/** Every migration of the program, in the order in which they run. */
export const MIGRATIONS = [
  ...eventStoreMigrations,
  ...projectionTableMigrations,
  KeepKeyUses1764000700000,
  KeepSessionSecret1764001100000,
];
