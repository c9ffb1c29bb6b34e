/** PostgreSQL's binary form of one-dimensional arrays: no quoting on this side, no parsing on the other. */
const TEXT = 25;
const INT4 = 23;
const INT8 = 20;
const HEADER = 20;
const NULL = -1;

function header(buffer: Buffer, elementType: number, length: number, hasNull: boolean): number {
  buffer.writeInt32BE(length === 0 ? 0 : 1, 0);
  buffer.writeInt32BE(hasNull ? 1 : 0, 4);
  buffer.writeInt32BE(elementType, 8);
  if (length === 0) return 12;
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return HEADER;
}

/** The elements of a `text[]` in their final form; the strings are pure Unicode without NUL (see encodeText). */
export function textElements(values: readonly (string | null)[]): Buffer {
  let size = 0;
  for (const value of values) size += 4 + (value === null ? 0 : Buffer.byteLength(value));
  const buffer = Buffer.allocUnsafe(size);
  let at = 0;
  for (const value of values) {
    const length = value === null ? NULL : buffer.write(value, at + 4);
    at = buffer.writeInt32BE(length, at) + Math.max(length, 0);
  }
  return buffer;
}

/** `text[]` of so many elements, which come in pieces (see {@link textElements}). */
export function textArray(pieces: readonly Buffer[], length: number, hasNull = false): Buffer {
  const head = Buffer.allocUnsafe(HEADER);
  return Buffer.concat([head.subarray(0, header(head, TEXT, length, hasNull)), ...pieces]);
}

/** `integer[]` */
export function int4Array(values: readonly number[]): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER + values.length * 8);
  let at = header(buffer, INT4, values.length, false);
  for (const value of values) {
    buffer.writeInt32BE(4, at);
    buffer.writeInt32BE(value, at + 4);
    at += 8;
  }
  return buffer.subarray(0, at);
}

/** `bigint[]` of safe integers, null included. */
export function int8Array(values: readonly (number | null)[]): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER + values.length * 12);
  let at = header(buffer, INT8, values.length, values.includes(null));
  for (const value of values) {
    buffer.writeInt32BE(value === null ? NULL : 8, at);
    at += 4;
    if (value === null) continue;
    buffer.writeBigInt64BE(BigInt(value), at);
    at += 8;
  }
  return buffer.subarray(0, at);
}
