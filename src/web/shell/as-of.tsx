import { useQuery } from '@tanstack/react-query';
import { Button } from 'react-aria-components';
import { answered, client } from '../shared/api.js';
import { duration, whole } from '../shared/format.js';
import { reconnect, useLive } from '../shared/live.js';
import { clockOffset, timeOfDay } from '../shared/moment.js';
import { usePreferences } from '../shared/preferences.js';

const ASKED_EVERY_MS = 2_000;
/** The length of `23:04:07`. */
const SECONDS = 8;

/** How true the page is: up to which position and moment its projections have read, and whether changes are heard. */
export function AsOf() {
  const live = useLive();
  const { zone } = usePreferences();
  const { data } = useQuery({
    queryKey: ['as-of'],
    queryFn: () => answered(client.GET('/api/v1/executions', { params: { query: { limit: 1 } } })),
    refetchInterval: ASKED_EVERY_MS,
  });
  const asOf = data?.as_of;
  if (live.state === 'lost')
    return (
      <div className="as-of" role="status">
        <span className="pulse lost" aria-hidden="true" />
        connection lost, trying again
        <Button className="button" onPress={reconnect}>
          Now
        </Button>
      </div>
    );
  const off = clockOffset();
  return (
    <div className="as-of">
      <span className={`pulse ${live.state}`} aria-hidden="true" />
      {asOf && (
        <>
          <span>
            {asOf.position === '0' ? 'as of the beginning' : `as of ${timeOfDay(asOf.at, zone).slice(0, SECONDS)}`}
          </span>
          <span className="narrow-hide">
            · {duration(asOf.lag_ms)} behind · position {whole(BigInt(asOf.position))}
          </span>
        </>
      )}
      {off !== 0 && (
        <span title="Times are shown by the ledger's clock">· your clock is {duration(Math.abs(off))} off</span>
      )}
    </div>
  );
}
