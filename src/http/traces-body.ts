import { Problem } from '../contract/problem.js';
import { exportedOf, MAX_FIELDS, TooManyFields } from '../sources/opentelemetry/protobuf.js';

/**
 * What a request of spans may hold: exporters send 512 at once by default, most of which are no runs, and drop all of them when
 * one request is refused as too large.
 */
export const TRACES = { bytes: 4 * 1024 * 1024, values: MAX_FIELDS } as const;

export const PROTOBUF_TYPES = /^application\/x-protobuf(?:\s*;|$)/i;

/** A field takes so many bytes at least. */
const LEAST_BYTES = 2;

/** Measures Protocol Buffers while their bytes arrive: how many values there are is an upper bound until they are read. */
export class ProtobufMeasure {
  values = 0;
  readonly flaw = undefined;

  scan(_bytes: Uint8Array, _from: number, to: number): void {
    this.values = Math.min(Math.ceil(to / LEAST_BYTES), MAX_FIELDS);
  }
}

/** The spans of a body in Protocol Buffers, as its JSON would have them. @throws Problem 400 or 413 */
export function protobufOf(body: Buffer): unknown {
  try {
    return exportedOf(body);
  } catch (error) {
    if (error instanceof TooManyFields) throw Problem.of('too_large', `the body has more than ${MAX_FIELDS} fields`);
    throw Problem.of('validation', `the body is no ExportTraceServiceRequest: ${(error as Error).message}`);
  }
}
