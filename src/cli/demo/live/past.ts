import type { Chance } from './chance.js';
import { identityOf, inputOf, resultOf, slowness, TARGETS, type Target } from './world.js';

const HOUR_MS = 3_600_000;
const HOURS = 24;
/** How busy each hour of a day is (UTC), from 0 to 1. */
const busy = (hour: number): number => 0.25 + 0.75 * Math.max(0, Math.sin(((hour - 6) / 14) * Math.PI));

/** An execution that ended at a moment, as its worker tells it afterwards. */
function ended(target: Target, id: string, now: number, at: number, chance: Chance): object {
  const completed_at = new Date(at).toISOString();
  const seconds = chance.around(target.seconds) * slowness(target, (now - at) / HOUR_MS);
  const told = {
    ...{ execution_id: id, ...identityOf(target, chance), input_data: inputOf(target, chance) },
    ...{ worker: `worker-${chance.whole(1, 8)}`, duration_ms: Math.round(seconds * 1_000) },
    ...{ completed_at, occurred_at: completed_at },
  };
  if (chance.happens(target.failing)) return { ...told, status: 'failed', error: chance.of(target.errors)(chance) };
  if (chance.happens(0.01)) return { ...told, status: 'timeout', error: `gave up after ${chance.whole(60, 300)} s` };
  if (chance.happens(0.01)) return { ...told, status: 'cancelled' };
  return { ...told, status: 'succeeded', result: resultOf(target, chance) };
}

/**
 * The reports of a day that has passed, by the clocks of those who did the work. The ledger's own moments are of when it hears of
 * them (docs/semantics.md §2): what it knew then, nobody can tell it now.
 */
export function pastReports(chance: Chance, now: number, id: (name: string) => string): object[] {
  const reports: object[] = [];
  for (let ago = HOURS; ago > 0; ago--) {
    const begins = now - ago * HOUR_MS;
    for (const target of TARGETS) {
      const many = Math.round(target.hourly * busy(new Date(begins).getUTCHours()));
      for (let n = 0; n < many; n++) {
        const at = Math.floor(begins + chance.between(0, HOUR_MS - 1));
        reports.push(ended(target, id('past'), now, at, chance));
      }
    }
  }
  return reports;
}
