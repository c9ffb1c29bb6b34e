import { setTimeout as pause } from 'node:timers/promises';
import type { ClientReadableStream } from '@grpc/grpc-js';
import type { Instant } from '../../domain/events.js';
import type { EventStore, StoredEvent } from '../event-store.js';
import { StoreError } from '../../errors.js';
import { START, type Position } from '../position.js';
import type { ReadResp } from './client.js';
import type { Connection } from './connection.js';
import { isNoPosition } from './failure.js';
import type { ScannedLog } from './scanned-log.js';
import type { Settings } from './options.js';
import { recordBefore } from './log-reader.js';
import { oursOf, unpack } from './event-mapping.js';
import { subscription, type RecordedMessage } from './requests.js';

const FIRST_BACK_OFF_MS = 100;

/**
 * Pages of the log from `after` on, until `ended`. A subscription that breaks is opened again where it was, after a wait
 * that grows with each failure in a row. No more than a page waits for a slow consumer: the rest waits at the server.
 * @throws StoreError where the `log` is another one by then
 */
export async function* followLog(
  connection: Connection,
  log: Pick<EventStore, 'recordedAt'> & { readonly looked: ScannedLog },
  after: Position,
  ended: AbortSignal,
  settings: Settings,
): AsyncGenerator<StoredEvent[], void, undefined> {
  const { looked } = log;
  // How far the server has looked, which may be past our last event: what was skipped there is not looked at again.
  let from = after;
  /** When the event was recorded that stands at `after`; none where somebody made the position up. */
  let place: { readonly at: Instant | undefined } | undefined;
  for (let backOff = FIRST_BACK_OFF_MS; !ended.aborted; backOff = Math.min(2 * backOff, settings.backOffMs)) {
    let another = false;
    const { epoch } = looked;
    try {
      // A store that was restored meanwhile gives positions anew: whoever went on would miss what stands there now.
      const at = after === START ? undefined : await log.recordedAt(after);
      place ??= { at };
      another = place.at !== at;
      if (from === after) from = looked.passed(after);
      const opened = another ? [] : pages(connection, from, ended, settings);
      for await (const { records, checkpoint } of opened) {
        backOff = FIRST_BACK_OFF_MS;
        for (const unpacked of inPieces(records, settings.pageBytes)) {
          // Going on from a checkpoint gives the event that stands there once more.
          const page = unpacked.filter(({ position }) => position > after);
          if (page.length === 0) continue;
          const last = page.at(-1)!;
          if (epoch === looked.epoch) looked.next(after, page[0]!.position);
          if (epoch === looked.epoch) looked.ours(last.position);
          [after, place] = [last.position, { at: last.recordedAt }];
          yield page;
        }
        from = checkpoint !== undefined && checkpoint > after ? checkpoint : after;
        // Behind a position that somebody made up more may be missing than what is ours.
        const isPlace = after === START || place?.at !== undefined;
        if (isPlace && from > after && epoch === looked.epoch) looked.nothing(after, from);
      }
    } catch (error) {
      // A position that is no record's: from one before it, past whatever is not behind it.
      if (isNoPosition(error)) looked.settle(false);
      if (isNoPosition(error)) from = await recordBefore(connection, after, settings.readMs).catch(() => from);
    }
    if (another) throw new StoreError('unavailable', `The log does not have the event any more that stood at ${after}`);
    await pause(backOff, undefined, { signal: ended }).catch(() => undefined);
  }
}

/** Unpacked no further than somebody takes them: what came deflated may be far more than a page. */
function* inPieces(records: readonly RecordedMessage[], most: number): Generator<StoredEvent[], void, undefined> {
  let [piece, size]: [StoredEvent[], number] = [[], 0];
  for (const record of records) {
    const { event, bytes } = unpack(record);
    piece.push(event);
    size += bytes;
    if (size < most) continue;
    yield piece;
    [piece, size] = [[], 0];
  }
  yield piece;
}

interface RawPage {
  readonly records: readonly RecordedMessage[];
  readonly checkpoint?: Position;
}

/** What one subscription brings, as many at a time as have come. Ends with `ended`; throws when the subscription breaks. */
async function* pages(
  connection: Connection,
  from: Position,
  ended: AbortSignal,
  { pageSize, pageBytes }: Settings,
): AsyncGenerator<RawPage, void, undefined> {
  const stub = await connection.stub();
  if (ended.aborted) return;
  const call: ClientReadableStream<ReadResp> = connection.trackEndless(
    stub.read(subscription(from), ...connection.arguments()),
  );
  const inbox = new Inbox(call, pageSize, pageBytes);
  const stop = (): void => inbox.end();
  ended.addEventListener('abort', stop, { once: true });
  try {
    for (let page = await inbox.take(); page; page = await inbox.take()) yield page;
  } catch (error) {
    connection.failed(stub, error);
    throw error;
  } finally {
    ended.removeEventListener('abort', stop);
    connection.giveUp(call);
  }
}

/** The last position that there can be. */
const LAST = 2n ** 63n;

/** How far the server has looked. One that came to the end without having sent anything names a place beyond every log. */
function checkpointOf(message: ReadResp): Position | undefined {
  const checkpoint = message.getCheckpoint();
  const position = checkpoint && BigInt(checkpoint.getCommitPosition());
  return position !== undefined && position < LAST ? position : undefined;
}

/** The messages that have come and were not taken yet, up to a page: then the call is paused. */
class Inbox {
  private records: RecordedMessage[] = [];
  private checkpoint: Position | undefined;
  private bytes = 0;
  private over: { readonly error?: unknown } | undefined;
  private wake: () => void = () => undefined;

  constructor(
    private readonly call: ClientReadableStream<ReadResp>,
    private readonly pageSize: number,
    private readonly pageBytes: number,
  ) {
    call.on('data', (message: ReadResp) => this.put(message));
    call.on('error', (error) => this.close({ error }));
    call.once('end', () => this.close({ error: new Error('the event store ended the subscription') }));
  }

  private put(message: ReadResp): void {
    const checkpoint = checkpointOf(message);
    if (checkpoint !== undefined) this.checkpoint = checkpoint;
    const record = oursOf(message);
    if (record) {
      this.records.push(record);
      this.bytes += record.getData_asU8().length + record.getCustomMetadata_asU8().length;
    }
    if (this.records.length >= this.pageSize || this.bytes >= this.pageBytes) this.call.pause();
    if (record || checkpoint !== undefined) this.wake();
  }

  /** Ends without an error. */
  end(): void {
    this.close({});
  }

  private close(over: { readonly error?: unknown }): void {
    this.over ??= over;
    this.wake();
  }

  /** What has come, waiting for it; undefined at the end. */
  async take(): Promise<RawPage | undefined> {
    while (this.records.length === 0 && this.checkpoint === undefined && !this.over) {
      await new Promise<void>((resolve) => (this.wake = resolve));
      await new Promise(setImmediate); // what came in the same packet travels in the same page
    }
    if (this.over && !('error' in this.over)) return undefined;
    if (this.over && this.records.length === 0) throw this.over.error;
    const page = { records: this.records, ...(this.checkpoint === undefined ? {} : { checkpoint: this.checkpoint }) };
    [this.records, this.bytes, this.checkpoint] = [[], 0, undefined];
    this.call.resume();
    return page;
  }
}
