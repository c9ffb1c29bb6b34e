import type { Site } from './site.js';

/** How often what is due is sent, in milliseconds. */
const PACE_MS = 100;

/**
 * Reports so many a second until it is stopped, as several producers together do; `reportOf`: the report of that number.
 * Stopped, it tells how many were taken, and in how many milliseconds.
 */
export function reportSteadily(
  { call }: Site,
  perSecond: number,
  reportOf: (n: number) => object,
): () => Promise<{ sent: number; ms: number }> {
  let isOver = false;
  const began = Date.now();
  const send = async (): Promise<{ sent: number; ms: number }> => {
    let sent = 0;
    while (!isOver) {
      const due = Math.floor(((Date.now() - began) / 1_000) * perSecond) - sent;
      if (due > 0) {
        const reports = Array.from({ length: due }, (_, at) => reportOf(sent + at));
        const { status, text } = await call('POST', '/reports', reports);
        if (status !== 200) throw new Error(text);
        sent += due;
      }
      await new Promise((resolve) => setTimeout(resolve, PACE_MS));
    }
    return { sent, ms: Date.now() - began };
  };
  const done = send();
  done.catch(() => undefined); // told to whoever stops it
  return () => {
    isOver = true;
    return done;
  };
}
