import type { LoggerService } from '@nestjs/common';
import { fingerprintOf, type ApiKey } from '../api-keys/api-key.js';
import type { OperationLog } from '../application/operating/operation-log.js';
import type { KeyChange, KeyRing } from '../api-keys/key-ring.js';
import { keepKeyUses, type RunQuery } from '../api-keys/key-uses.js';
import { watchKeys } from '../api-keys/watched-keys.js';
import { readApiKeysAnew, type Config } from '../config.js';
import { compact, type JsonObject } from '../domain/json.js';
import { loggable } from '../loggable.js';

/** A key as it is told of: never by what it is, nor by enough of its digest to be taken for it. */
const told = (key: ApiKey): JsonObject => {
  const { name, scopes, ids, until } = key;
  const end = until === undefined ? undefined : new Date(until).toISOString();
  return compact({ name, key: fingerprintOf(key), scopes, ids: ids && `${ids}*`, until: end }) as JsonObject;
};

/** Nobody knows who wrote the file. No key has this name, for it has a blank. */
const FILE = { actor: 'key file', source: 'api_keys_file' };

/** Keeps the API keys as their file has them, and when each was last used. */
export function startKeys(
  config: Config,
  ring: KeyRing,
  ask: RunQuery,
  operations: OperationLog,
  logger: LoggerService,
): { stop(): Promise<void> }[] {
  const { apiKeysFile: file } = config;
  const names = (keys: readonly ApiKey[]): string[] => [...new Set(keys.map(({ name }) => name))];
  const watched = file && {
    file,
    read: () => readApiKeysAnew(config),
    changed: (keys: readonly ApiKey[], { added, removed }: KeyChange) => {
      logger.log({ event: 'api_keys.changed', names: names(keys) });
      const about = { added: added.map(told), removed: removed.map(told) };
      void operations.record({ kind: 'keys_change', origin: FILE, about });
    },
    refused: (error: unknown) =>
      logger.error({
        event: 'api_keys.rejected',
        error: (error as Error).message,
        detail: 'nothing of the change is taken: the keys are those of before',
      }),
  };
  const onError = (error: unknown): void => logger.warn({ event: 'api_keys.upkeep_failed', error: loggable(error) });
  return [keepKeyUses(ring, ask, onError), ...(watched ? [watchKeys(ring, watched)] : [])];
}
