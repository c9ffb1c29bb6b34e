import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A call of the one function that writes, as somebody without our driver would make it. */
export const APPEND = `select * from ledger.append(array['execution-raw'], array[-3], array[null], array[null]::bigint[], array[null],
  array[1], array[1], array[1], array['execution-raw'], array['raw-event'], array['ExecutionProgressed'], array['{}'], array['{}'])`;

/** A client that speaks PostgreSQL's protocol by hand, so that it can stop where no driver would. */
export interface RawClient {
  /** Parse, Bind, Execute and Flush, but no Sync: returns when the statement has run and its transaction is still open. */
  executeWithoutSync(sql: string): Promise<void>;
  /** Settles when the server has ended the connection. */
  readonly ended: Promise<unknown>;
  /** Goes away without a word. */
  vanish(): void;
}

const text = (value: string): Buffer => Buffer.from(`${value}\0`);
const int16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

const message = (type: string, ...body: Buffer[]): Buffer => {
  const content = Buffer.concat(body);
  return Buffer.concat([Buffer.from(type), int32(content.length + 4), content]);
};

/** Collects what the server sends, and waits for the message of a type. */
function receiver(socket: Socket): (type: string) => Promise<void> {
  let received = Buffer.alloc(0);
  const next = (): string | undefined => {
    const length = received.length < 5 ? Infinity : received.readInt32BE(1) + 1;
    if (received.length < length) return undefined;
    const type = String.fromCharCode(received[0]!);
    if (type === 'E') throw new Error(received.subarray(5, length).toString().replaceAll('\0', ' '));
    received = received.subarray(length);
    return type;
  };
  socket.on('data', (chunk: Buffer) => (received = Buffer.concat([received, chunk])));
  return async (wanted) => {
    for (let type = next(); type !== wanted; type = next()) if (type === undefined) await once(socket, 'data');
  };
}

/** Connects to a server that trusts it; `settings` are startup parameters of the session. */
export async function rawClient(connectionString: string, settings: Record<string, string> = {}): Promise<RawClient> {
  const { hostname, port, username, pathname } = new URL(connectionString);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  const ended = once(socket, 'close');
  const received = receiver(socket);
  await once(socket, 'connect');
  const parameters = Object.entries({ user: username, database: pathname.slice(1), ...settings })
    .flat()
    .map(text);
  const startup = Buffer.concat([int32(196_608), ...parameters, Buffer.from([0])]);
  socket.write(Buffer.concat([int32(startup.length + 4), startup]));
  await received('Z');
  return {
    executeWithoutSync: async (sql) => {
      const parse = message('P', text(''), text(sql), int16(0));
      const bind = message('B', text(''), text(''), int16(0), int16(0), int16(0));
      const execute = message('E', text(''), int32(0));
      socket.write(Buffer.concat([parse, bind, execute, message('H')]));
      await received('C');
    },
    ended,
    vanish: () => void socket.destroy(),
  };
}
