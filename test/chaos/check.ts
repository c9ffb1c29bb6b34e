import { executionStream, parseStream, refusedStream } from '../../src/domain/stream.js';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import type { DatedReceipt } from './receipt.js';
import { checkAsked } from './check/asks.js';
import { checkDue, checkInvariants, checkWinners, historyOf } from './check/execution.js';
import type { Finding, Find } from './check/finding.js';
import { checkLog, grouped } from './check/log.js';
import { checkKept, checkReceipts } from './check/receipts.js';

/** What is compared: everything that anybody was told, with the log as it stands, at a moment at which all is quiet. */
export interface Evidence {
  readonly log: readonly StoredEvent[];
  readonly receipts: readonly DatedReceipt[];
  readonly at: string;
}

/** Everything that is wrong with a log, or with what was said of it. */
export function check({ log, receipts, at }: Evidence): Finding[] {
  const findings: Finding[] = [];
  const find: Find = (law, about, detail) => void findings.push({ law, about, detail });
  checkLog(log, find);
  const streams = grouped(log, ({ stream }) => stream);
  const answers = grouped(receipts, ({ request }) => request.executionId);
  const logged = [...streams.keys()].flatMap((stream) => parseStream(stream)?.executionId ?? []);
  for (const executionId of new Set([...logged, ...answers.keys()])) {
    const answered = answers.get(executionId) ?? [];
    const history = historyOf(executionId, streams.get(executionStream(executionId)) ?? [], find);
    checkInvariants(history, find);
    checkWinners(history, find);
    checkDue(history, at, find);
    checkAsked(history, answered, find);
    checkReceipts(history, answered, find);
    checkKept(history, answered, streams.get(refusedStream(executionId)) ?? [], find);
  }
  return findings;
}
