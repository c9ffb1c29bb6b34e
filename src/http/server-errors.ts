import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { stringifyJson } from '../encoding/json.js';
import { Problem, type ProblemKind } from '../contract/problem.js';
import { LINGER_BYTES, limited } from './linger.js';

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';
const TIMED_OUT = 'ERR_HTTP_REQUEST_TIMEOUT';

/** What the server itself finds wrong, before there is a request that could be routed. */
const PROBLEMS: Readonly<Record<string, readonly [ProblemKind, string]>> = {
  [TIMED_OUT]: ['request_timeout', 'the request did not arrive in time'],
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'the request line and headers are larger than 16 KiB'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['too_large', 'the extensions of the chunks are larger than 16 KiB'],
};

type ClientError = NodeJS.ErrnoException & { readonly reason?: string };

/** A problem as it is written past the framework. */
function written(kind: ProblemKind, detail: string) {
  const { details } = Problem.of(kind, detail);
  const body = stringifyJson(details);
  const headers = { 'content-type': PROBLEM_TYPE, 'content-length': Buffer.byteLength(body) };
  return { status: details.status, headers, body };
}

/** Where the bytes of a connection that was answered already were counted from. */
const answeredAt = new WeakMap<Socket, number>();

/** Answers on the bare connection, as a problem like all others. For `clientError` of the server. */
export function answerClientError(error: ClientError, socket: Socket): void {
  const from = answeredAt.get(socket);
  // What still comes fails as well, piece by piece: it is read to its end, so that the answer is not lost on its way.
  if (from !== undefined) return void (socket.bytesRead - from > LINGER_BYTES && socket.destroy());
  const answering = (socket as { _httpMessage?: ServerResponse })._httpMessage;
  if (error.code === 'ECONNRESET' || !socket.writable || answering?.headersSent) return void socket.destroy();
  const [kind, detail] = PROBLEMS[error.code ?? ''] ?? [
    'validation',
    `this is no HTTP/1.1: ${error.reason ?? error.code}`,
  ];
  const { status, headers, body } = written(kind, detail);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}`),
  ];
  const answer = `${head.join('\r\n')}\r\n\r\n${body}`;
  // What comes after the time is up would still be a request: it is not to be done after it was refused.
  if (error.code === TIMED_OUT) return void socket.end(answer, () => socket.destroy());
  answeredAt.set(socket, socket.bytesRead);
  socket.end(answer);
  const giveUp = limited(socket);
  socket.once('close', () => clearTimeout(giveUp));
}

/** Refuses an `Expect` of anything but `100-continue` with a problem; the server alone would send no body. */
export function refuseExpectations(server: Server): void {
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const { status, headers, body } = written('expectation_failed', 'Expect: only 100-continue is met');
    response.writeHead(status, headers).end(body);
    request.resume();
  });
}
