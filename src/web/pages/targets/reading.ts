import { queryOptions } from '@tanstack/react-query';
import { answered, client } from '../../shared/api.js';
import { beginOf, HOUR_MS, iso, LASTS, type Last } from '../../shared/last.js';
import { ledgerNow } from '../../shared/moment.js';

export const TARGET_LASTS: readonly Last[] = ['24h', '7d', '31d'];
const EVERY_MS = 30_000;

/** How targets fare in a time, or `before` in as much time before it; of one target hour by hour. */
export const health = (last: Last, { target, before = false }: { target?: string; before?: boolean } = {}) =>
  queryOptions({
    queryKey: ['target-health', last, target, before],
    queryFn: () => {
      const from = beginOf(last, HOUR_MS, ledgerNow());
      const range = before ? { from: iso(from - LASTS[last]), to: iso(from) } : { from: iso(from) };
      return answered(
        client.GET('/api/v1/target-health', {
          params: { query: { ...range, ...(target !== undefined && { target }) } },
        }),
      );
    },
    refetchInterval: EVERY_MS,
  });
