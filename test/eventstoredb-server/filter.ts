import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { StoredEvent } from './log.js';

/** Which events of `$all` somebody wants; `window` and `every` only when they asked for a filter. */
export interface EventFilter {
  allows(event: StoredEvent): boolean;
  /** Events considered per page before the server pauses. */
  readonly window: number;
  /** Events considered between checkpoints; none without a filter. */
  readonly checkpointEvery?: number;
}

type Expression = ReadReq.Options.FilterOptions.Expression;

/** Events the server reads at once. */
export const PAGE = 32;

const parkedOrCheckpoint = /^\$persistentsubscription-\$all::.*-(checkpoint|parked)$/;
/** Not even an unfiltered reader of `$all` gets these. */
const hidden = ({ stream }: StoredEvent): boolean => stream === '$epoch-information' || parkedOrCheckpoint.test(stream);

export const everything: EventFilter = { allows: (event) => !hidden(event), window: Infinity };

/** A regular expression goes before prefixes, and an empty list of prefixes matches nothing. */
function matcher(expression: Expression): (name: string) => boolean {
  const source = expression.getRegex();
  const regex = new RegExp(source);
  const prefixes = expression.getPrefixList();
  return source ? (name) => regex.test(name) : (name) => prefixes.some((prefix) => name.startsWith(prefix));
}

export function filterOf(options: ReadReq.Options.FilterOptions): EventFilter {
  const byType = options.getEventType();
  const matches = matcher((byType ?? options.getStreamIdentifier())!);
  const window = options.hasMax() ? options.getMax() : PAGE;
  const multiplier = options.getCheckpointintervalmultiplier();
  return {
    allows: (event) => !hidden(event) && matches(byType ? event.type : event.stream),
    window,
    checkpointEvery: multiplier * window,
  };
}
