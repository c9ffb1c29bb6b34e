import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { failureOf } from '../../src/event-store/postgres/append-failure.js';
import { StoreError } from '../../src/errors.js';
import { failedStatement, isOfDatabase } from '../../src/postgres/failure.js';

const fromServer = (code: string): Error => Object.assign(new pg.DatabaseError('said', 4, 'error'), { code });
const withCode = (code: string, error = new Error('said')): Error => Object.assign(error, { code });
/** As TypeORM hands on what its driver said. */
const wrapped = (driverError: Error): Error =>
  Object.assign(new Error(driverError.message), { ...driverError, driverError });

const OURS: [string, unknown][] = [
  ['a mistake of types', new TypeError('argument must be of type string')],
  ['a mistake of types with a code of Node', withCode('ERR_INVALID_ARG_TYPE', new TypeError('must be a string'))],
  ['a number out of range', withCode('ERR_OUT_OF_RANGE', new RangeError('out of range'))],
  ['any error', new Error('nobody knows this')],
  ['no error at all', 'text'],
  ['nothing', undefined],
  ['the driver handed a mistake on', wrapped(new TypeError('Cannot read properties of undefined'))],
  ['a text that only mentions a lost connection', new Error('the field says: Connection terminated')],
];
const THEIRS: [string, unknown][] = [
  ...['08006', '57P01', '25006', '42P01', '53300', ''].map((code): [string, unknown] => [code, fromServer(code)]),
  ...['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'ERR_STREAM_PREMATURE_CLOSE'].map(
    (code): [string, unknown] => [code, withCode(code)],
  ),
  ['a certificate', withCode('DEPTH_ZERO_SELF_SIGNED_CERT')],
  ...[
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'Query read timeout',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error and is not queryable',
    'Received unexpected commandComplete message from backend.',
  ].map((message): [string, unknown] => [message, new Error(message)]),
  ['behind TypeORM', wrapped(fromServer('08006'))],
  ['a socket behind TypeORM', wrapped(withCode('ECONNRESET'))],
];

describe('what failed', () => {
  it.each(OURS)('%s is no outage', (_name, error) => {
    expect(isOfDatabase(error)).toBe(false);
    expect(failureOf(error)).toBe('ours');
    expect(failedStatement(error)).toBe(error);
  });

  it.each(THEIRS)('%s is an outage: of the database, or of the way to it', (_name, error) => {
    expect(isOfDatabase(error)).toBe(true);
    expect(failureOf(error)).not.toBe('ours');
    expect(failedStatement(error)).toMatchObject({ kind: 'unavailable', cause: error });
  });

  it.each(['22007', '22021', '22P05', '54000'])('%s is the caller’s fault, and is told as that', (code) => {
    for (const error of [fromServer(code), wrapped(fromServer(code))])
      expect(failedStatement(error)).toMatchObject({ kind: 'unacceptable', cause: error });
  });

  it('an error of the store stays as it is', () => {
    const told = new StoreError('overloaded', 'said');
    expect(failedStatement(told)).toBe(told);
  });
});
