import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** The answers to requests whose senders hold their body back until they are told to go on. */
const heldBack = new WeakMap<IncomingMessage, ServerResponse>();

/** Tells a sender that holds its body back to send it: the body is about to be read. */
export function askForBody(request: IncomingMessage): void {
  heldBack.get(request)?.writeContinue();
  heldBack.delete(request);
}

/**
 * Leaves it to who reads a body to ask for it: the server alone says `100 Continue` at once, and who may not, or has too
 * much to send, would send it all before being told.
 */
export function holdBodiesBack(server: Server): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    heldBack.set(request, response);
    server.emit('request', request, response);
  });
}
