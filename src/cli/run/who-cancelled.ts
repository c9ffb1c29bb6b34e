import type { Connection } from '../../client/connection.js';
import { printable } from '../../printable.js';

/** Who cancelled an execution, on whose behalf and why, as far as the ledger tells this key; for a line. */
export async function whoCancelled(
  connection: Connection,
  id: string,
  revision: number,
  patience: AbortSignal,
): Promise<string> {
  const params = { path: { id }, query: { from_revision: revision, limit: 1 } };
  const answer = await connection
    .GET('/api/v1/executions/{id}/events', { params, signal: patience })
    .catch(() => undefined);
  const { reporter, on_behalf_of, data } = answer?.data?.events[0] ?? {};
  if (!reporter) return '';
  const { reason } = (data ?? {}) as { readonly reason?: unknown };
  const behalf = on_behalf_of === undefined ? '' : ` for ${on_behalf_of}`;
  return printable(` by ${reporter.actor}${behalf}${typeof reason === 'string' ? `: ${reason}` : ''}`);
}
