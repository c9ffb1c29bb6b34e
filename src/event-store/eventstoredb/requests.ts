import { encodeText } from '../../encoding/json.js';
import type { StreamName } from '../../domain/stream.js';
import { START, type Position } from '../position.js';
import { shared, streams, type ReadReq, type ReadResp } from './client.js';

/** The protocol's messages, as this adapter fills them in. Text that UTF-8 cannot hold is escaped (docs/appending-directly.md). */

export type ReadOptions = ReadReq.Options;
export type RecordedMessage = ReadResp.ReadEvent.RecordedEvent;

/** Where a read of a stream begins: at a revision, or at its end. */
export type ReadStart = number | 'end';

/** The streams of the ledger, by the beginning of their names (docs/semantics.md §1). */
const PREFIXES = ['execution-', 'refused-'];
/** And what the store keeps about them, in streams of its own. */
const ABOUT = PREFIXES.map((prefix) => `$$${prefix}`);
/** A subscription tells how far it has come after so many windows of 32 records: often enough to go on from there. */
const CHECKPOINT_INTERVAL = 32;
/** Where nobody wants to know: whatever others write, hardly ever. */
const RARELY = 1_000_000;
/** With it the server says where a stream begins and ends beside its events. */
const COMPATIBILITY = 1;

const { Options } = streams.ReadReq;

export function identifier(stream: StreamName): InstanceType<typeof shared.StreamIdentifier> {
  return new shared.StreamIdentifier().setStreamName(Buffer.from(encodeText(stream), 'utf8'));
}

function request(backwards: boolean): ReadOptions {
  const options = new Options();
  options.setReadDirection(backwards ? 1 : 0);
  options.setResolveLinks(false);
  options.setUuidOption(new Options.UUIDOption().setString(new shared.Empty()));
  return options;
}

const wrap = (options: ReadOptions): ReadReq => new streams.ReadReq().setOptions(options);

/** A page of one stream. */
export function streamRequest(stream: StreamName, backwards: boolean, from: ReadStart, limit: number): ReadReq {
  const of = new Options.StreamOptions().setStreamIdentifier(identifier(stream));
  if (from === 'end') of.setEnd(new shared.Empty());
  else of.setRevision(String(from));
  const options = request(backwards).setStream(of).setCount(String(limit)).setNoFilter(new shared.Empty());
  return wrap(options.setControlOption(new Options.ControlOption().setCompatibility(COMPATIBILITY)));
}

function allOptions(from: Position | 'end'): ReadReq.Options.AllOptions {
  const all = new Options.AllOptions();
  if (from === 'end') return all.setEnd(new shared.Empty());
  if (from === START) return all.setStart(new shared.Empty());
  const place = new Options.Position().setCommitPosition(String(from)).setPreparePosition(String(from));
  return all.setPosition(place);
}

/** Only the ledger's streams, and by the server: whatever else lives in the log costs it a look, and us nothing. */
function ours(prefixes = PREFIXES, interval = CHECKPOINT_INTERVAL): ReadReq.Options.FilterOptions {
  const names = new Options.FilterOptions.Expression().setPrefixList(prefixes);
  const filter = new Options.FilterOptions().setStreamIdentifier(names).setCount(new shared.Empty());
  return filter.setCheckpointintervalmultiplier(interval) as ReadReq.Options.FilterOptions;
}

/** A page of the log, `from` inclusive. */
export const logRequest = (backwards: boolean, from: Position | 'end', limit: number): ReadReq =>
  wrap(request(backwards).setAll(allOptions(from)).setCount(String(limit)).setFilter(ours()));

/** One record of the log, whoever wrote it: the one at `from`, or the last. */
export const recordRequest = (from: Position | 'end'): ReadReq =>
  wrap(
    request(from === 'end')
      .setAll(allOptions(from))
      .setCount('1')
      .setNoFilter(new shared.Empty()),
  );

/** Whether a stream is the ledger's. */
export const isOurs = (stream: string): boolean => PREFIXES.some((prefix) => stream.startsWith(prefix));

const follow = (after: Position, filter: ReadReq.Options.FilterOptions): ReadReq =>
  wrap(request(false).setAll(allOptions(after)).setSubscription(new Options.SubscriptionOptions()).setFilter(filter));

/** The log from a position on, exclusive, for ever. */
export const subscription = (after: Position): ReadReq => follow(after, ours());

/** What the store is told from a position on, exclusive, to keep about streams of the ledger. */
export const metadataSubscription = (after: Position): ReadReq => follow(after, ours(ABOUT, RARELY));
