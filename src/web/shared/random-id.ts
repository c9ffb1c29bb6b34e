/** An id that nobody else has; `crypto.randomUUID` is not there where the ledger is read over plain http from another machine. */
export const randomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('');
