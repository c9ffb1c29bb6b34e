import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';

/** A server-sent event. */
export interface Sent {
  readonly event?: string;
  readonly id?: string;
  // The wire is what is under test: its shapes are asserted, not assumed.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly data?: any;
}

/** A caller that follows `GET /stream`. */
export interface Following {
  readonly response: IncomingMessage;
  readonly sent: Sent[];
  /** The last id that came, as an EventSource would send it when it comes back. */
  readonly lastId: string | undefined;
  /** Resolves once it holds. @throws when the stream ended before */
  until(holds: (sent: readonly Sent[]) => boolean): Promise<readonly Sent[]>;
  /** Resolves when the stream is over, whoever ended it. */
  readonly ended: Promise<void>;
  stop(): void;
}

function eventOf(text: string): Sent {
  const fields = text.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]);
  const { data, ...rest } = Object.fromEntries(fields) as Record<string, string>;
  return { ...rest, ...(data === undefined ? {} : { data: JSON.parse(data) }) };
}

/** Opens a stream. Answers as soon as the headers are there, whatever the status. */
export async function followStream(url: string, path = '', headers: OutgoingHttpHeaders = {}): Promise<Following> {
  const asked = request(`${url}/api/v1/stream${path}`, { headers, agent: false });
  asked.end();
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    asked.once('response', resolve).once('error', reject),
  );
  asked.on('error', () => undefined);
  const sent: Sent[] = [];
  const listeners = new Set<() => void>();
  let [rest, over, lastId] = ['', false, undefined as string | undefined];
  response.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n\n');
    rest = parts.pop()!;
    for (const one of parts.filter((part) => !part.startsWith(':')).map(eventOf)) {
      lastId = one.id ?? lastId;
      if (one.event !== undefined) sent.push(one);
    }
    for (const listen of listeners) listen();
  });
  const ended = new Promise<void>((resolve) => response.once('close', resolve).once('error', () => resolve()));
  void ended.then(() => {
    over = true;
    for (const listen of listeners) listen();
  });
  const until: Following['until'] = (holds) =>
    new Promise((resolve, reject) => {
      const listen = (): void => {
        if (holds(sent)) resolve(sent);
        else if (over) reject(new Error(`the stream ended after ${JSON.stringify(sent.at(-1))}`));
        else return;
        listeners.delete(listen);
      };
      listeners.add(listen);
      listen();
    });
  return {
    response,
    sent,
    get lastId() {
      return lastId;
    },
    until,
    ended,
    stop: () => asked.destroy(),
  };
}
