import type pg from 'pg';
import { connectSession } from '../postgres/session.js';

/** What an operation's connections wait for at most: an index over everything takes its time, a vanished machine must not. */
const LIMITS = { connectMs: 2_000, statementMs: 3_600_000, lockMs: 10_000 };
const SETTINGS = { synchronous_commit: 'off', tcp_user_timeout: '60000' };

/** A connection for a projection's operation; `who` is shown to those who ask who is at it. */
export const connectForOperations = (connectionString: string, who: string): Promise<pg.Client> =>
  connectSession(connectionString, LIMITS, who, SETTINGS);
