/** A place in `$all` as the server compares it: by commit position, then by prepare position. */
export interface LogPosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

export const at = (position: bigint): LogPosition => ({ commit: position, prepare: position });
/** Before the first event: what the server holds for "start" until it has sent something. */
export const BEFORE_ALL = at(-1n);

export const compare = (a: LogPosition, b: LogPosition): number => {
  const difference = a.commit - b.commit || a.prepare - b.prepare;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};

const maxUint64 = (1n << 64n) - 1n;
const maxInt64 = (1n << 63n) - 1n;

/** On the wire -1 is the largest unsigned number: "end" when sent, and, in a checkpoint, "nothing sent yet". */
export const toWire = (value: bigint): string => (value === -1n ? maxUint64 : value).toString();

export function fromWire(text: string): bigint {
  const value = BigInt(text);
  if (value === maxUint64) return -1n;
  if (value > maxInt64) throw new RangeError(`${text} is beyond a signed 64-bit number`);
  return value;
}
