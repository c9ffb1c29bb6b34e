import { parse } from 'lossless-json';

/** What of a stream may still be read. */
export interface StreamMetadata {
  readonly maxCount?: bigint;
  readonly maxAgeSeconds?: bigint;
  readonly truncateBefore?: bigint;
}

const maxInt64 = (1n << 63n) - 1n;
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function whole(value: unknown): bigint | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'bigint' || value > maxInt64) throw new RangeError('no 64-bit integer');
  return value;
}

/** `$tb` needs all its digits: a soft deletion writes 2^63-1, which JSON.parse would round beyond the range. */
const exactNumber = (text: string): bigint | number => (/^-?\d+$/.test(text) ? BigInt(text) : Number(text));

const knownFields = (json: Record<string, unknown>): StreamMetadata => {
  const [maxCount, maxAge, truncateBefore] = ['$maxCount', '$maxAge', '$tb'].map((key) => whole(json[key]));
  return {
    ...(maxCount !== undefined && maxCount > 0n && { maxCount }),
    ...(maxAge !== undefined && maxAge > 0n && { maxAgeSeconds: maxAge }),
    ...(truncateBefore !== undefined && truncateBefore >= 0n && { truncateBefore }),
  };
};

/** Metadata that cannot be read counts as none, as in the server: a number too large frees the whole stream. */
export function parseStreamMetadata(data: Uint8Array): StreamMetadata {
  try {
    const json = parse(Buffer.from(data).toString('utf8'), undefined, exactNumber);
    return isObject(json) ? knownFields(json) : {};
  } catch {
    return {};
  }
}

/** The same JSON with another `$tb`: what an append to a softly deleted stream makes of its metadata. */
export function withTruncateBefore(data: Uint8Array, revision: bigint): string | undefined {
  try {
    const json = JSON.parse(Buffer.from(data).toString('utf8')) as Record<string, unknown>;
    return JSON.stringify({ ...json, $tb: Number(revision) });
  } catch {
    return undefined;
  }
}

export const metastreamOf = (stream: string): string => `$$${stream}`;
export const isMetastream = (stream: string): boolean => stream.startsWith('$$');
const originalStreamOf = (metastream: string): string => metastream.slice(2);
/** The stream that is read and written, or that is described: with its tombstone what is kept about it is gone as well. */
export const subjectOf = (stream: string): string => (isMetastream(stream) ? originalStreamOf(stream) : stream);
