import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import type { FastifyInstance } from 'fastify';

/** What is worth it. Server-sent events are written past the framework, and never come here. */
const COMPRESSIBLE = /\bjson\b|\bx-ndjson\b|^text\/(?!event-stream)|\bjavascript\b|\bsvg\b/;
/** An answer below this many bytes gains nothing. */
const LEAST_BYTES = 1_024;
/** What is compressed in the turn of its request, in bytes; more goes to other threads. */
const MOST_AT_ONCE = 16 * 1024;

/** Compresses answers for those who ask for it, as they are written: receipts that come one by one are not held back. */
export async function registerCompression(fastify: FastifyInstance): Promise<void> {
  fastify.addHook('onRequest', (_request, reply, done) => {
    void reply.header('vary', 'accept-encoding'); // also on what is not compressed: a cache would give it to who asks for more
    done();
  });
  await fastify.register(compress, {
    encodings: ['br', 'gzip', 'deflate'],
    customTypes: COMPRESSIBLE,
    threshold: LEAST_BYTES,
    syncThreshold: MOST_AT_ONCE,
    globalDecompression: false,
    zlibOptions: { flush: constants.Z_SYNC_FLUSH },
    brotliOptions: { flush: constants.BROTLI_OPERATION_FLUSH },
  });
}
