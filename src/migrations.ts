import { eventStoreMigrations } from './event-store/postgres/migrations/index.js';
import { KeepKeyUses1764000700000 } from './api-keys/migrations/1764000700000-keep-key-uses.js';
import { readModelMigrations } from './read-model/migrations/index.js';

/** Every migration of the program, in the order in which they run. */
export const MIGRATIONS = [...eventStoreMigrations, ...readModelMigrations, KeepKeyUses1764000700000];
