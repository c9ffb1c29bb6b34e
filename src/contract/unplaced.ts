import type { Report } from '../domain/report.js';
import { OF_OUTCOMES } from '../domain/repetition.js';
import { isTerminal } from '../domain/status.js';
import type { Vocabulary } from '../domain/words.js';
import type { ReadReport } from './read-report.js';
import type { EventReport, StatusReport } from './reports.js';

const NO_OUTCOME = 'is of an outcome, and this report names none';
/** What a target is made of where none is said. */
const OF_TARGETS = ['agent_node_id', 'reasoner_id', 'type'] as const;

/**
 * The body of a report, with all that its events have no place for. Members of an outcome beside a status that is none are
 * named in the receipt. Those that another one stands for are no mistake of their producer, and only kept.
 */
export function withUnplaced<B extends EventReport | StatusReport>(
  body: ReadReport<B>,
  { status, description: { target = '' } }: Report,
  words: Vocabulary,
): ReadReport<B> {
  const ends = status !== undefined && (typeof status === 'object' || isTerminal(status));
  const early = ends ? [] : OF_OUTCOMES.filter((member) => (body[member] ?? undefined) !== undefined);
  const beside = [
    ...early,
    ...OF_TARGETS.filter((member) => body[member] !== undefined && !target.includes(body[member])),
    ...(body.parent_workflow_id === undefined ? [] : ['parent_workflow_id']),
    ...(saysTwoReasons(body, words) ? ['status'] : []),
  ];
  if (beside.length === 0) return body;
  const named = early.map((path) => ({ path, message: NO_OUTCOME }));
  return {
    ...body,
    beside: [...(body.beside ?? []), ...beside],
    ...(named.length === 0 ? {} : { ignored: [...(body.ignored ?? []), ...named] }),
  };
}

/** A word that says more than its status, beside a reason of the report's own, which stands in its place. */
function saysTwoReasons({ status, status_reason }: EventReport | StatusReport, words: Vocabulary): boolean {
  const reason = status === undefined || status_reason === undefined ? undefined : words(status)?.reason;
  return reason !== undefined && reason !== status_reason;
}
