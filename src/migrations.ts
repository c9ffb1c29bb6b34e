import { eventStoreMigrations } from './event-store/postgres/migrations/index.js';
import { readModelMigrations } from './read-model/migrations/index.js';

/** Every migration of the program, in the order in which they run. */
export const MIGRATIONS = [...eventStoreMigrations, ...readModelMigrations];
