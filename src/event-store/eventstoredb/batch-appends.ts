import { randomUUID } from 'node:crypto';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { NO_STREAM, type StreamName } from '../../domain/stream.js';
import type { Position } from '../position.js';
import { Empty, shared, streams, type BatchAppendReq, type BatchAppendResp, type StreamsClient } from './client.js';
import type { Connection } from './connection.js';
import { detailsOf, isNotReady, isOfStore, noAnswer, wasNotSent } from './failure.js';
import { Silence } from './silence.js';
import { identifier } from './requests.js';

type Call = ClientDuplexStream<BatchAppendReq, BatchAppendResp>;

/** What the store said to an append. */
export type AppendAnswer =
  | { readonly kind: 'stored'; readonly revision: number; readonly position: Position }
  /** The stream stands elsewhere. */
  | { readonly kind: 'conflict' }
  /** Nothing was written, and trying again may help. */
  | { readonly kind: 'not_taken'; readonly reason: string }
  /** Written or not, now or soon: nobody can say. */
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'deleted' }
  /** It will not be taken however often it is tried. */
  | { readonly kind: 'refused'; readonly reason: string };

/** The answers by the type of what they carry. */
const REFUSALS: Readonly<Record<string, (reason: string) => AppendAnswer>> = {
  'event_store.client.WrongExpectedVersion': () => ({ kind: 'conflict' }),
  'event_store.client.StreamDeleted': () => ({ kind: 'deleted' }),
  'event_store.client.AccessDenied': () => ({ kind: 'refused', reason: 'access denied' }),
  'event_store.client.MaximumAppendSizeExceeded': () => ({
    kind: 'refused',
    reason: 'it is larger than the store takes',
  }),
  'event_store.client.BadRequest': (reason) => ({ kind: 'refused', reason }),
};

function answerOf(response: BatchAppendResp): AppendAnswer {
  const success = response.getSuccess();
  if (success) {
    const position = BigInt(success.getPosition()?.getCommitPosition() ?? 0);
    return { kind: 'stored', revision: Number(success.getCurrentRevision()), position };
  }
  const error = response.getError();
  const reason = error?.getMessage() || 'no reason given';
  const refusal = REFUSALS[error?.getDetails()?.getTypeName() ?? ''];
  if (refusal) return refusal(reason);
  return { kind: isNotReady({ details: reason }) ? 'not_taken' : 'unknown', reason };
}

const failed = (error: unknown): AppendAnswer =>
  wasNotSent(error) || isNotReady(error)
    ? { kind: 'not_taken', reason: detailsOf(error) }
    : { kind: 'unknown', reason: detailsOf(error) };

/** One stream of calls, and who notices that it is answered no more. */
interface OpenCall {
  readonly call: Call;
  readonly silence: Silence;
}

/** An append that is not answered yet. */
interface UnansweredAppend {
  readonly resolve: (answer: AppendAnswer) => void;
  readonly fail: (error: unknown) => void;
  readonly until: number;
  /** The stream of calls that it was written to. */
  call?: Call;
}

/**
 * Appends over one stream of calls, answered in any order: what makes one append cost a message and not a call.
 * Every append is answered, within `answerMs` at the latest; the end of the stream of calls answers all that wait on it.
 *
 * | an append is | what happens                          | and then it is answered                                       |
 * | ------------ | ------------------------------------- | ------------------------------------------------------------- |
 * | waiting      | no stream of calls can be opened      | `not_taken`; the next append tries to open one                |
 * | waiting      | `answerMs` pass                       | `not_taken`: it was never written                             |
 * | waiting      | the stream of calls is open           | later: it is written                                          |
 * | written      | the store answers                     | as the store says                                             |
 * | written      | the stream of calls fails or ends     | `unknown`, or `not_taken` where the store says that it was not |
 * | written      | `answerMs` pass                       | `unknown`                                                     |
 *
 * A stream of calls that is silent for `answerMs` after something was asked is given up, and the connection told that it is
 * lost. Held by test/event-store/eventstoredb-faults.slow.ts and test/event-store/eventstoredb-nodes.slow.ts.
 */
export class BatchAppends {
  private opened: Promise<OpenCall> | undefined;
  /** By their correlation ids, the first to be given up first. */
  private readonly waiting = new Map<string, UnansweredAppend>();
  private watch: NodeJS.Timeout | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly answerMs: number,
    private readonly now: () => number,
  ) {}

  /** @param head the revision that the stream stands at, {@link NO_STREAM} without one */
  send(stream: StreamName, head: number, messages: BatchAppendReq.ProposedMessage[]): Promise<AppendAnswer> {
    const id = randomUUID();
    const options = new streams.BatchAppendReq.Options().setStreamIdentifier(identifier(stream));
    if (head === NO_STREAM) options.setNoStream(new Empty.Empty());
    else options.setStreamPosition(String(head));
    const request = new streams.BatchAppendReq()
      .setCorrelationId(new shared.UUID().setString(id))
      .setOptions(options)
      .setProposedMessagesList(messages)
      .setIsFinal(true);
    return new Promise((resolve, fail) => {
      this.waiting.set(id, { resolve, fail, until: this.now() + this.answerMs });
      this.watch ??= this.giveUpIn(this.answerMs);
      void this.write(id, request);
    });
  }

  private async write(id: string, request: BatchAppendReq): Promise<void> {
    try {
      const { call, silence } = await (this.opened ??= this.open());
      const waiting = this.waiting.get(id);
      if (!waiting) return; // its time was up before there was a connection
      waiting.call = call;
      call.write(request);
      silence.asked();
    } catch (error) {
      if (!this.waiting.get(id)?.call) this.opened = undefined; // none was opened: the next append tries again
      if (!isOfStore(error)) return this.fail(id, error);
      this.settle(id, { kind: 'not_taken', reason: detailsOf(error) });
    }
  }

  /** An answer that nobody waits for any more (its time was up) is nobody's business. */
  private settle(id: string, answer: AppendAnswer): void {
    this.waiting.get(id)?.resolve(answer);
    this.waiting.delete(id);
  }

  /** An error of this program is its own append's: the stream of calls serves the others as before. */
  private fail(id: string, error: unknown): void {
    this.waiting.get(id)?.fail(error);
    this.waiting.delete(id);
  }

  /** The client's own deadlines do not hold on a stream of calls; one timer does for all, for they wait equally long. */
  private giveUp(): void {
    const now = this.now();
    this.watch = undefined;
    for (const [id, { until, call }] of this.waiting) {
      if (until > now) {
        this.watch = this.giveUpIn(until - now);
        return;
      }
      const reason = `no answer within ${this.answerMs} ms`;
      this.settle(id, { kind: call ? 'unknown' : 'not_taken', reason });
    }
  }

  /** While somebody waits, a connection or the search for one keeps the process. */
  private giveUpIn(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.giveUp(), ms).unref();
  }

  private async open(): Promise<OpenCall> {
    const stub: StreamsClient = await this.connection.stub();
    const call = this.connection.trackEndless(stub.batchAppend(...this.connection.arguments()));
    const silence = new Silence(this.answerMs, () => {
      end(noAnswer(this.answerMs));
      call.cancel();
    });
    const end = (error: unknown): void => {
      silence.end();
      // The next one may be under way already, and fail: that is told to those who wait for it.
      const forget = (current: OpenCall): void => void (current.call === call && (this.opened = undefined));
      void this.opened?.then(forget, () => undefined);
      for (const [id, waiting] of this.waiting) if (waiting.call === call) this.settle(id, failed(error));
      this.connection.failed(stub, error);
    };
    call.on('data', (response: BatchAppendResp) => {
      silence.heard();
      this.settle(response.getCorrelationId()?.getString() ?? '', answerOf(response));
    });
    call.once('error', end);
    call.once('end', () => end(new Error('the event store ended the stream of appends')));
    return { call, silence };
  }
}
