import { useSyncExternalStore } from 'react';
import { aheadBy } from './clock.js';
import { ago } from './format.js';
import { usePreferences, type Zone } from './preferences.js';

const FIELDS = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
const DATE = { day: 'numeric', month: 'short', year: 'numeric' } as const;
const DAY = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const format = (zone: Zone, fields: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-GB', { ...fields, ...(zone === 'utc' && { timeZone: 'UTC' }) });
const FORMATS = {
  local: {
    whole: format('local', { ...DATE, ...FIELDS, timeZoneName: 'short' }),
    time: format('local', FIELDS),
    day: format('local', DAY),
  },
  utc: {
    whole: format('utc', { ...DATE, ...FIELDS, timeZoneName: 'short' }),
    time: format('utc', FIELDS),
    day: format('utc', DAY),
  },
} as const;

/** A moment with its day and its zone: `27 Nov 2026, 22:41:03 UTC`. */
export const absolute = (at: string | number, zone: Zone): string => FORMATS[zone].whole.format(new Date(at));

/** The time of day alone, to the millisecond: `22:41:03.120`. */
export function timeOfDay(at: string | number, zone: Zone): string {
  const moment = new Date(at);
  return `${FORMATS[zone].time.format(moment)}.${String(moment.getMilliseconds()).padStart(3, '0')}`;
}

/** The day and the hour, without the year: `27 Nov, 22:00`. */
export const dayOf = (at: string | number, zone: Zone): string => FORMATS[zone].day.format(new Date(at));

/** One clock for all relative times of the page: a timer each would wake it a thousand times a second. */
const TICK_MS = 1_000;
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = ledgerNow();
    for (const heard of listeners) heard();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** How far the ledger's clock is ahead of this browser's, in milliseconds. */
let aheadMs = 0;

/** Learns from the `Date` of an answer how the ledger's clock stands: a laptop that is an hour late would show `in 1 h`. */
export function learnClock(answer: Response, sent: number): void {
  const date = Date.parse(answer.headers.get('date') ?? '');
  if (Number.isNaN(date)) return;
  aheadMs = aheadBy(aheadMs, date, { sent, received: Date.now() });
  now = ledgerNow();
}

/** The present moment by the ledger's clock, in milliseconds since 1970. */
export const ledgerNow = (): number => Date.now() + aheadMs;
/** How far this browser's clock is off, in milliseconds; 0 where nobody would notice. */
export const clockOffset = (): number => aheadMs;

export const useNow = (): number => useSyncExternalStore(subscribe, () => now);

/** A moment, relative to now and whole for whoever points at it; `exact` the other way round. */
export function Moment({ at, exact = false }: { readonly at: string; readonly exact?: boolean }) {
  const present = useNow();
  const { zone } = usePreferences();
  const [relative, whole] = [ago(Date.parse(at), present), absolute(at, zone)];
  return (
    <time dateTime={at} title={exact ? relative : whole}>
      {exact ? whole : relative}
    </time>
  );
}
