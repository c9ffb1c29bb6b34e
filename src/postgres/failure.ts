import pg from 'pg';
import { StoreError } from '../errors.js';
import { toUnavailable } from './session.js';

/** What the driver says of a connection that is gone, or was never had: it has neither a class nor a code for it. */
const OF_THE_DRIVER = new RegExp(
  [
    'Connection terminated',
    'Query read timeout',
    'timeout expired',
    'timeout exceeded when trying to connect',
    'Received unexpected \\w+ message from backend',
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
    'Cannot use a pool after calling end on the pool',
    'Driver not Connected',
    'Unknown authenticationOk message type',
    'The server does not support SSL connections',
    'There was an error establishing an SSL connection',
    'SASL: ',
    'The server (?:asks for the password itself|lets everybody in), and nothing proves whose it is',
    'SASL channel binding: ',
  ].join('|'),
);

/** Node's codes of sockets and name servers (`ECONNRESET`, `ENOTFOUND`), and of streams and TLS that ended under a call. */
const OF_THE_SOCKET = /^(?:E(?!RR_)[A-Z_]+|ERR_(?:STREAM|SOCKET|SSL|TLS)_\w+|\w*CERT\w*|\w+_VERIFY_\w+)$/;

interface ThrownValue {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
}

/** The SQLSTATE of what the server answered, behind TypeORM's wrapping as well; undefined where it did not answer. */
export function sqlStateOf(error: unknown): string | undefined {
  const { driverError } = (error ?? {}) as { driverError?: unknown };
  const thrown = driverError ?? error;
  return thrown instanceof pg.DatabaseError ? (thrown.code ?? '') : undefined;
}

/**
 * Whether it is provably the database, or the way to it, that failed. Anything else is an error of this program: whoever
 * takes it for an outage drops a healthy connection, and tries again until patience ends what can only fail again.
 */
export function isOfDatabase(error: unknown): boolean {
  if (sqlStateOf(error) !== undefined) return true;
  const { driverError } = (error ?? {}) as { driverError?: unknown };
  const { name, code, message } = (driverError ?? error ?? {}) as ThrownValue;
  if (name === 'TypeError' || name === 'RangeError') return false;
  if (name === 'CannotExecuteNotConnectedError') return true;
  if (typeof code === 'string') return OF_THE_SOCKET.test(code);
  return typeof message === 'string' && message.search(OF_THE_DRIVER) === 0;
}

/** Data that the database does not take, or beyond its limits: whoever sent them can never be served, and nobody else is affected. */
export const isUnacceptable = (error: unknown): boolean => /^(2[12]|54)/.test(sqlStateOf(error) ?? '');

/**
 * What a statement that failed is told as: an outage where it is the database's, `unacceptable` where the database refuses a
 * value of it; an error of this program stays what it is.
 */
export function failedStatement(cause: unknown): unknown {
  if (cause instanceof StoreError || !isOfDatabase(cause)) return cause;
  if (!isUnacceptable(cause)) return toUnavailable(cause);
  const { message } = cause as Error;
  return new StoreError('unacceptable', `The database does not take a value of this request: ${message}`, { cause });
}
