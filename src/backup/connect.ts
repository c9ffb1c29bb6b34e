import type pg from 'pg';
import { connectSession } from '../postgres/session.js';

/** A large log takes its hours; a vanished machine is noticed by the connection. */
const LIMITS = { connectMs: 10_000, statementMs: 24 * 3_600_000, lockMs: 10_000 };
const SETTINGS = { tcp_user_timeout: '60000', max_parallel_workers_per_gather: '0' };

/** A connection for a backup or a restore; its user ends it. */
export const connectForBackup = (connectionString: string, who: 'backup' | 'restore'): Promise<pg.Client> =>
  connectSession(connectionString, LIMITS, who, SETTINGS);
