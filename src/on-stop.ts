/**
 * How long after the first a signal is taken for the same wish, in milliseconds. Where npm or npx started the program, one
 * Ctrl-C comes twice: from the terminal, and passed on. Taken for a second wish it left the embedded database running.
 */
const SAME_WISH_MS = 500;

/** Has a person's or a supervisor's wish to stop heeded: `first` at Ctrl-C or SIGTERM, `again` at each one after it. */
export function onStop(first: () => void, again: () => void): void {
  let since: number | undefined;
  const come = (): void => {
    const now = performance.now();
    if (since === undefined) {
      since = now;
      first();
    } else if (now - since > SAME_WISH_MS) again();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, come);
}
