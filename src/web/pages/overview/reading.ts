import { queryOptions } from '@tanstack/react-query';
import { answered, client } from '../../shared/api.js';
import { beginOf, iso, MINUTE_MS, type Last } from '../../shared/last.js';
import { ledgerNow } from '../../shared/moment.js';
import { countable, type OverviewQuery, type Narrow } from './asked.js';

/** How many stand in each status. */
export const counts = (narrow: Narrow) =>
  queryOptions({
    queryKey: ['status-counts', countable(narrow)],
    queryFn: () => answered(client.GET('/api/v1/status-counts', { params: { query: countable(narrow) } })),
  });

/** What failed, by what the errors have in common. */
export const failures = ({ narrow, last }: OverviewQuery) =>
  queryOptions({
    queryKey: ['failure-groups', narrow, last],
    queryFn: () =>
      answered(
        client.GET('/api/v1/failure-groups', {
          params: { query: { ...narrow, from: iso(beginOf(last, MINUTE_MS, ledgerNow())) } },
        }),
      ),
  });

const LATELY = 10;

/** What changed last. */
export const lately = (narrow: Narrow) =>
  queryOptions({
    queryKey: ['lately', narrow],
    queryFn: () =>
      answered(
        client.GET('/api/v1/executions', {
          params: { query: { ...narrow, sort: '-last_activity_at', limit: LATELY } as never },
        }),
      ),
  });

/** The interval of each time: some fifty bars, as the endpoint allows it. */
export const INTERVALS = {
  '1h': { name: '1m', ms: MINUTE_MS, said: 'minute' },
  '24h': { name: '30m', ms: 30 * MINUTE_MS, said: 'half hour' },
  '7d': { name: '1h', ms: 60 * MINUTE_MS, said: 'hour' },
  '31d': { name: '1d', ms: 1_440 * MINUTE_MS, said: 'day' },
} as const satisfies Record<Last, object>;

export const outcomes = ({ narrow, last, by }: OverviewQuery) =>
  queryOptions({
    queryKey: ['histogram', narrow, last, by],
    queryFn: () => {
      const { name: interval, ms } = INTERVALS[last];
      const query = { ...narrow, by, interval, from: iso(beginOf(last, ms, ledgerNow())) };
      return answered(client.GET('/api/v1/executions/histogram', { params: { query } }));
    },
  });
