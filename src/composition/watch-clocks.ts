import type { LoggerService } from '@nestjs/common';
import type { StoreClock } from '../event-store/store-clock.js';
import type { Metrics } from '../http/metrics.js';

/** From how far apart the clocks of this machine and of the store are worth a word, in milliseconds. */
const CLOCKS_APART_MS = 1_000;

/** Says that clocks differ, or that one jumped: the ledger puts itself right, but other programs on this machine do not. */
export function watchClocks(clock: StoreClock, metrics: Metrics, logger: LoggerService): void {
  const { offsetMs } = clock;
  if (Math.abs(offsetMs) > CLOCKS_APART_MS) {
    const detail = "this machine's clock differs from the store's, which the ledger goes by: check how both are kept";
    logger.warn({ event: 'clock.comparison_failed', offset_ms: offsetMs, detail });
  }
  clock.onStampAhead(({ aheadMs }) => {
    metrics.stampAhead();
    const detail = "the last event was stamped far ahead of the store's clock, and is not followed: the clock jumped";
    logger.error({ event: 'clock.stamp_rejected', ahead_ms: aheadMs, detail });
  });
}
