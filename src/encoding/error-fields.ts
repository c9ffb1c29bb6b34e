import { compact, type Json, type JsonObject } from '../domain/json.js';
import { stringifyJson } from './json.js';

/**
 * `error` as the ledger keeps it: always a string, an object whole in `error_details` (docs/http-api.md, The execution), or,
 * where there are details already, whole in the string.
 */
export function errorFields(error: Json, details?: Json): { error?: string; error_details?: Json } {
  if (error === undefined || error === null) return compact({ error_details: details }) as { error_details?: Json };
  if (typeof error === 'string') return compact({ error, error_details: details }) as { error: string };
  const message = details === undefined ? (error as JsonObject)['message'] : undefined;
  return { error: typeof message === 'string' ? message : stringifyJson(error), error_details: details ?? error };
}
