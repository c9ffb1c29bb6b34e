import { AsyncLocalStorage } from 'node:async_hooks';

const names = new AsyncLocalStorage<string>();
/** The name of the ledger itself; no API key has it. */
const ITSELF = '';

/** In whose name the present work is done: that of the API key. */
export const callerName = (): string => names.getStore() ?? ITSELF;

/** The actor of who comes without a key, where there are none. */
export const ANONYMOUS = 'anonymous';
/** The actor of what the ledger decides by itself. */
export const LEDGER = 'ledger';
/** With these nobody takes turns. */
const NAMELESS: ReadonlySet<string> = new Set([ANONYMOUS, LEDGER]);

/** Does something, and all that follows from it, in the name of a caller. */
export function inNameOf<T>(name: string, act: () => T): T {
  const known = NAMELESS.has(name) ? ITSELF : name;
  // From the first store on Node 20 makes every promise dearer: where there are no keys there is none.
  return known === callerName() ? act() : names.run(known, act);
}

/**
 * Does in the ledger's own name what it does for all callers together. Otherwise it would be done in the name of whoever came
 * first, and where that one has filled a queue, everybody would wait behind him.
 */
export const forEverybody = <T>(act: () => T): T => inNameOf(ITSELF, act);
