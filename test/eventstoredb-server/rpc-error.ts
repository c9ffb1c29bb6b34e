import { Metadata, status } from '@grpc/grpc-js';

/** An error as it goes over the wire: a status, a text, and trailers of which `exception` names the kind. */
export class RpcError extends Error {
  readonly metadata = new Metadata();

  constructor(
    readonly code: status,
    readonly details: string,
    trailers: Record<string, string> = {},
  ) {
    super(details);
    for (const [key, value] of Object.entries(trailers)) this.metadata.set(key, value);
  }
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

const { ABORTED, FAILED_PRECONDITION, INVALID_ARGUMENT, NOT_FOUND } = status;
const { PERMISSION_DENIED, UNAUTHENTICATED, UNAVAILABLE, UNKNOWN } = status;

export const rpcErrors = {
  timeout: () => new RpcError(ABORTED, 'Operation timed out: Commit phase timeout.'),
  notReady: () => new RpcError(UNAVAILABLE, 'Server Is Not Ready'),
  busy: () => new RpcError(UNAVAILABLE, 'Server Is Too Busy'),
  noLeaderInfo: () => new RpcError(UNKNOWN, 'No leader info available in response'),
  notLeader: ({ address, port }: Endpoint) =>
    new RpcError(NOT_FOUND, 'Leader info available', {
      exception: 'not-leader',
      'leader-endpoint-host': address,
      'leader-endpoint-port': String(port),
    }),
  accessDenied: () => new RpcError(PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' }),
  unauthenticated: () => new RpcError(UNAUTHENTICATED, 'Unauthenticated'),
  streamDeleted: (stream: string) =>
    new RpcError(FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
      exception: 'stream-deleted',
      'stream-name': stream,
    }),
  wrongVersion: (operation: string, stream: string, expects: bigint, current: bigint) =>
    new RpcError(
      FAILED_PRECONDITION,
      `${operation} failed due to WrongExpectedVersion. Stream: ${stream}, ` +
        `Expected version: ${expects}, Actual version: ${current}`,
      {
        exception: 'wrong-expected-version',
        'stream-name': stream,
        'expected-version': String(expects),
        'actual-version': String(current),
      },
    ),
  maxAppendSize: (limit: number) =>
    new RpcError(INVALID_ARGUMENT, `Maximum Append Size of ${limit} Exceeded.`, {
      exception: 'maximum-append-size-exceeded',
      'maximum-append-size': String(limit),
    }),
  metadataMissing: (property: string) =>
    new RpcError(INVALID_ARGUMENT, `Required Metadata Property '${property}' is missing`, {
      exception: 'missing-required-metadata-property',
      'required-metadata-properties': 'type,content-type',
    }),
  invalidPosition: () => new RpcError(INVALID_ARGUMENT, 'Trying to read from an invalid position.'),
  invalidCombination: () => new RpcError(INVALID_ARGUMENT, 'The combination of options is invalid.'),
  unexpected: (type: string, result: string) => new RpcError(UNKNOWN, `Unexpected ${type}: ${result}`),
};

/** What the server's framework makes of any other exception: a bad argument is no better off than a bug. */
export const asRpcError = (error: unknown): RpcError =>
  error instanceof RpcError ? error : new RpcError(UNKNOWN, 'Exception was thrown by handler.');
