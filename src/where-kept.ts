import type { Config } from './config.js';

/** An address without what may be secret in it: the account, its password and the options. */
const withoutSecrets = (url: string): string => url.replace(/^([\w+]+:\/\/)(?:.*@)?([^?]*).*$/s, '$1$2');

/** Where the data of a ledger is kept, for the person who started it; `dataDir`: of the embedded PostgreSQL. */
export function whereKept(
  { databaseUrl, eventStore, eventStoreDbUrl }: Pick<Config, 'databaseUrl' | 'eventStore' | 'eventStoreDbUrl'>,
  dataDir: string | undefined,
): string {
  const place = dataDir ?? withoutSecrets(databaseUrl!);
  if (eventStore === 'postgres') return `its data is kept in ${place}`;
  return `its log is kept in ${withoutSecrets(eventStoreDbUrl!)}, its read models in ${place}`;
}
