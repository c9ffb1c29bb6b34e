import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';

export type Service = readonly [ServiceDefinition, UntypedServiceImplementation];

/** A certificate and its key, both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** gRPC on a port, over sockets of our own, so that one of them or all can be cut. */
export interface Listener {
  readonly port: number;
  /** Cuts the connection that comes from an address and port. */
  cut(peer: string): void;
  cutAll(): void;
  close(): Promise<void>;
}

export async function listen(
  port: number,
  { tls, maxMessageSize }: { readonly tls: Certificate | undefined; readonly maxMessageSize: number },
  servicesOf: (cut: (peer: string) => void) => readonly Service[],
): Promise<Listener> {
  const sockets = new Map<string, Socket>();
  const cut = (peer: string): void => void sockets.get(peer)?.destroy();
  const cutAll = (): void => sockets.forEach((socket) => socket.destroy());
  const grpc = new Server({ 'grpc.max_receive_message_length': maxMessageSize });
  for (const [definition, implementation] of servicesOf(cut)) grpc.addService(definition, implementation);
  const injector = grpc.createConnectionInjector(credentials(tls));
  const tcp = createServer({ noDelay: true }, (socket) => {
    remember(sockets, socket);
    injector.injectConnection(socket);
  });
  tcp.listen(port, '127.0.0.1');
  await once(tcp, 'listening');
  const close = async (): Promise<void> => {
    const closed = once(tcp, 'close');
    tcp.close();
    cutAll();
    grpc.forceShutdown();
    await closed;
  };
  return { port: (tcp.address() as AddressInfo).port, cut, cutAll, close };
}

function remember(sockets: Map<string, Socket>, socket: Socket): void {
  const peer = `${socket.remoteAddress}:${socket.remotePort}`;
  sockets.set(peer, socket);
  socket.on('close', () => sockets.delete(peer));
  // A connection that ends badly is what half of the tests are about.
  socket.on('error', () => undefined);
}

const credentials = (tls: Certificate | undefined): ServerCredentials =>
  tls
    ? ServerCredentials.createSsl(null, [{ cert_chain: Buffer.from(tls.cert), private_key: Buffer.from(tls.key) }])
    : ServerCredentials.createInsecure();
