import { status } from '@grpc/grpc-js';
import { StoreError } from '../../errors.js';

/** An error of a gRPC call, as far as it is looked at. */
export interface GrpcError {
  readonly code?: number;
  readonly details?: string;
  readonly message?: string;
  readonly metadata?: { getMap(): Record<string, unknown> };
}

/** The server's own word for what went wrong, where it has one ("not-leader", "stream-deleted", …). */
export const exceptionOf = (error: unknown): string | undefined =>
  (error as GrpcError)?.metadata?.getMap()['exception']?.toString();

const detailsOf = (error: unknown): string => {
  const { details, message } = (error ?? {}) as GrpcError;
  return details || message || String(error);
};

/** The call never left this process: there was no connection to send it on. */
export const wasNotSent = (error: unknown): boolean =>
  /No connection established|Name resolution failed|Failed to discover/.test(detailsOf(error));

/** The server is up, and does not take this call yet: nothing was done, and the connection is as good as before. */
export const isNotReady = (error: unknown): boolean => /^Server Is |^No leader info/.test(detailsOf(error));

/** The position asked for is between two records, or behind the last. */
export const isNoPosition = (error: unknown): boolean =>
  [status.UNKNOWN, status.INVALID_ARGUMENT].includes((error as GrpcError)?.code ?? -1) &&
  /invalid ?position/i.test(detailsOf(error));

/** Whether the connection, not the call, failed: another node or a new connection may do better. */
export function isConnectionLost(error: unknown): boolean {
  if (isNotReady(error)) return false;
  return exceptionOf(error) === 'not-leader' || LOST.has((error as GrpcError)?.code);
}

/** A node that stands still takes every call and answers none: its connection looks as good as any. */
const LOST = new Set<unknown>([status.UNAVAILABLE, status.DEADLINE_EXCEEDED]);

/** A call, or the search for a node to make it of, that took longer than its time. */
export const noAnswer = (ms: number): GrpcError =>
  Object.assign(new Error(`no answer within ${ms} ms`), { code: status.DEADLINE_EXCEEDED });

/** The same as the client has it: it looks for another node where one is gone, and knows none that is slow. */
export const asUnavailable = (error: unknown): unknown =>
  (error as GrpcError)?.code === status.DEADLINE_EXCEEDED
    ? Object.assign(new Error(detailsOf(error)), { code: status.UNAVAILABLE, details: detailsOf(error) })
    : error;

/** A stream that somebody deleted or shortened: its history cannot be told any more, and is never told shorter. */
export const incomplete = (stream: string, revision: number, reason: string): StoreError =>
  new StoreError('unreadable', `The stream ${stream} is incomplete from revision ${revision} on: ${reason}`);

/**
 * Whether it is provably the store, or the way to it, that failed: a call's status, what the client has a type for, a
 * socket's code. Anything else is an error of this program, and no outage.
 */
export function isOfStore(error: unknown): boolean {
  const { code, type } = (error ?? {}) as { code?: unknown; type?: unknown };
  if (typeof code === 'number' || (typeof type === 'string' && error instanceof Error)) return true;
  return wasNotSent(error) || isNotReady(error) || (typeof code === 'string' && /^E(?!RR_)[A-Z_]+$/.test(code));
}

/** What a failed read is told as. */
export function toReadFailure(error: unknown, stream?: string): unknown {
  if (error instanceof StoreError || !isOfStore(error)) return error;
  if (exceptionOf(error) === 'stream-deleted' && stream !== undefined) {
    return incomplete(stream, 0, 'it was deleted for good');
  }
  return new StoreError('unavailable', `The event store did not answer a read: ${detailsOf(error)}`, { cause: error });
}

/** The text of a failure, for messages. */
export { detailsOf };
