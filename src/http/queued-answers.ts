import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The answers of a connection that have not come to their end. */
const unfinished = new WeakMap<Socket, Set<ServerResponse>>();

function unfinishedOn(socket: Socket): Set<ServerResponse> {
  const known = unfinished.get(socket);
  if (known) return known;
  const made = new Set<ServerResponse>();
  unfinished.set(socket, made);
  socket.once('close', () => made.forEach(close));
  return made;
}

function close(answer: ServerResponse): void {
  if (answer.socket !== null || answer.closed) return; // its turn had come, and the server closes it
  answer.destroy();
  answer.emit('close');
}

/**
 * Closes every answer with its connection. A caller may ask again before it is answered, and of such answers the server
 * alone closes the one whose turn it is: what the others hold would be held for ever, and streams would be written for nobody.
 */
export function closeQueuedAnswers(server: Server): void {
  server.prependListener('request', ({ socket }: IncomingMessage, answer: ServerResponse) => {
    const answers = unfinishedOn(socket);
    answers.add(answer);
    answer.once('close', () => answers.delete(answer));
  });
}
