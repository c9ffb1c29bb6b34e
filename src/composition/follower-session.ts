import type pg from 'pg';
import { connectSession } from '../postgres/session.js';

/** What the followers' connections wait for at most. */
const LIMITS = { connectMs: 2_000, statementMs: 60_000, lockMs: 10_000 };

/** A session of something that the ledger does by itself, named after it; the caller ends it. */
export const connectFollower = (
  connectionString: string,
  who: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<pg.Client> => connectSession(connectionString, LIMITS, who, settings);
