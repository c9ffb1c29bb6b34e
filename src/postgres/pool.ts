import pg from 'pg';
import { PooledSessions, type SessionLimits } from './session.js';

/** Prepares a pool of our sessions: it connects when it is first used. `name`: what the database's list of sessions calls them. */
export function openPool(connectionString: string, limits: SessionLimits, name: string, max: number) {
  const sessions = new PooledSessions();
  const pool = new pg.Pool({ ...sessions.config(connectionString, limits, name), max });
  pool.on('error', () => undefined); // without a listener a lost idle connection would end the process
  return { pool, end: () => sessions.end(() => pool.end()) };
}
