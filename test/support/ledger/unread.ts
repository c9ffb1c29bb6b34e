import { once } from 'node:events';
import { connect } from 'node:net';

/** So much of an answer is looked at: its head. */
const HEAD_BYTES = 4 * 1024;

/** Somebody who asks, looks at the head of the answer, and takes nothing more of it. */
export interface Unread {
  /** By which the system knows the connection. */
  readonly port: number;
  readonly status: number;
  /** Of one answer, as its head announces it. */
  readonly announced: number;
  /** Goes away. */
  leave(): void;
  /** Takes all that still comes until the connection is closed: how many bytes came in all. */
  rest(): Promise<number>;
}

/** Asks so many times over one connection, without waiting for an answer. */
export async function askUnread(url: string, path: string, times = 1): Promise<Unread> {
  const { hostname, port } = new URL(url);
  const buffer = Buffer.alloc(HEAD_BYTES);
  let head = '';
  let bytes = 0;
  let reads = false;
  const socket = connect({
    host: hostname,
    port: Number(port),
    onread: {
      buffer,
      callback: (size) => {
        if (bytes === 0) head = buffer.toString('latin1', 0, size);
        bytes += size;
        socket.emit('taken');
        return reads;
      },
    },
  });
  const closed = once(socket, 'close');
  socket.on('error', () => undefined); // its connection may be reset
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(times));
  await once(socket, 'taken');
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(head)!;
  const [, length] = /^content-length: (\d+)/im.exec(head)!;
  return {
    port: socket.localPort!,
    status: Number(status),
    announced: Number(length),
    leave: () => void socket.destroy(),
    rest: async () => {
      reads = true;
      socket.resume();
      await closed;
      return bytes;
    },
  };
}
