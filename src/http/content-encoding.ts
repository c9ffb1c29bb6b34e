import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Problem } from '../contract/problem.js';

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** What bodies may be encoded with, as `Accept-Encoding` says it (RFC 9110 §12.5.3). */
export const ENCODINGS = 'gzip, deflate, br';

/**
 * A body as it was before its `Content-Encoding`. Nothing is decoded beyond what its reader takes, so that a small body which
 * stands for a large one ends at the limit of that. @throws Problem 415
 */
export function decoded(encoding: string | undefined, payload: Readable): Readable {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') return payload;
  const decoder = Object.hasOwn(DECODERS, name) ? DECODERS[name]!() : undefined;
  if (decoder === undefined)
    throw Problem.of('unsupported_media_type', `Content-Encoding: ${name} is not read; expected one of ${ENCODINGS}`);
  decoder.on('error', () => undefined); // of a body that nobody reads any more
  payload.once('close', () => void (payload.readableEnded || decoder.destroy()));
  return payload.pipe(decoder);
}

/** Of zlib and brotli; other errors of a body are its connection's. */
const DECODING = /^(?:Z_|ERR_)/;

/** What is wrong with a body that could not be read to its end. */
export const flawOf = (error?: NodeJS.ErrnoException): string =>
  DECODING.test(error?.code ?? '')
    ? `the body is not what its Content-Encoding says: ${error!.message}`
    : 'the body was cut off';
