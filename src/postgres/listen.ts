import type pg from 'pg';
import { dropSession } from './session.js';

/**
 * Has a fresh session listen on a channel. @throws whatever the server refuses it with; the session is then let go of, for a server
 * that takes none of this would be left one a try
 */
export async function listenOn(
  session: pg.Client,
  channel: string,
  hear: (payload: string | undefined) => void,
): Promise<pg.Client> {
  session.on('notification', ({ payload }) => hear(payload));
  await session.query(`listen ${channel}`).catch((error: unknown) => {
    dropSession(session);
    throw error;
  });
  return session;
}
