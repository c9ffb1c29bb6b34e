import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy before PostgreSQL that cuts connections at a chosen moment. */
export interface Proxy {
  /** The connection string, through the proxy. */
  through(connectionString: string): string;
  /**
   * Cuts the next append, or statement of another name: `before` it reaches the server, or `after` the server answered it (so it is committed).
   * `then` says what becomes of later connections.
   */
  cutNext(when: 'before' | 'after', then?: 'accept' | 'refuse', statement?: string): void;
  /** Whether connections get through at all; refusing cuts those that stand. */
  accept(yes: boolean): void;
  /** Passes nothing on any more and closes nothing, as a server would that stands still. */
  freeze(): void;
  /** How many connections stand; one that its client destroyed answers no more, which is asked of those that it ended. */
  readonly standing: number;
  /** How many connections were refused. */
  readonly refused: number;
  close(): Promise<void>;
}

export async function startProxy(port: number): Promise<Proxy> {
  const open = new Set<Socket>();
  let [accepting, refused] = [true, 0];
  let frozen = false;
  let cut: { when: 'before' | 'after'; then: 'accept' | 'refuse'; statement: string } | undefined;

  const severAll = (): void => open.forEach((socket) => socket.destroy());
  const sever = (pair: readonly Socket[]): void => {
    accepting = cut?.then !== 'refuse';
    cut = undefined;
    pair.forEach((socket) => socket.destroy());
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (!accepting) return void (refused++, client.destroy());
    const upstream = connect(port, '127.0.0.1');
    const pair = [client, upstream];
    let appending = false;
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('end', () => frozen || socket.destroy());
      socket.on('close', () => (open.delete(socket), other.destroy()));
    }
    client.on('data', (chunk) => {
      if (frozen) return;
      appending = chunk.includes(cut?.statement ?? 'ledger.append');
      if (appending && cut?.when === 'before') sever(pair);
      else upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (frozen) return;
      if (appending && cut?.when === 'after') sever(pair);
      else client.write(chunk);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    through: (connectionString) => {
      const url = new URL(connectionString);
      url.port = String((server.address() as AddressInfo).port);
      return url.href;
    },
    cutNext: (when, then = 'accept', statement = 'ledger.append') => (cut = { when, then, statement }),
    freeze: () => void (frozen = true),
    get standing() {
      for (const socket of open) if (socket.readableEnded && socket.writable) socket.write('\0');
      return open.size / 2;
    },
    get refused() {
      return refused;
    },
    accept: (yes) => {
      accepting = yes;
      if (!yes) severAll();
    },
    close: async () => {
      severAll();
      server.close();
      await once(server, 'close');
    },
  };
}
