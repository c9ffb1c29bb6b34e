import { randomUUID } from 'node:crypto';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import Empty from 'google-protobuf/google/protobuf/empty_pb.js';
import { NO_STREAM, type StreamName } from '../../domain/stream.js';
import type { Position } from '../position.js';
import type { Connection } from './connection.js';
import { detailsOf, isNotReady, wasNotSent } from './failure.js';
import { identifier } from './wire.js';

type Call = ClientDuplexStream<BatchAppendReq, BatchAppendResp>;

/** What the store said to an append. */
export type Answer =
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
const REFUSALS: Readonly<Record<string, (reason: string) => Answer>> = {
  'event_store.client.WrongExpectedVersion': () => ({ kind: 'conflict' }),
  'event_store.client.StreamDeleted': () => ({ kind: 'deleted' }),
  'event_store.client.AccessDenied': () => ({ kind: 'refused', reason: 'access denied' }),
  'event_store.client.MaximumAppendSizeExceeded': () => ({
    kind: 'refused',
    reason: 'it is larger than the store takes',
  }),
  'event_store.client.BadRequest': (reason) => ({ kind: 'refused', reason }),
};

function answerOf(response: BatchAppendResp): Answer {
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

const failed = (error: unknown): Answer =>
  wasNotSent(error) || isNotReady(error)
    ? { kind: 'not_taken', reason: detailsOf(error) }
    : { kind: 'unknown', reason: detailsOf(error) };

/**
 * Appends over one stream of calls, answered in any order: what makes one append cost a message and not a call.
 * Every append is answered, within `answerMs` at the latest; the end of the stream of calls answers all that wait on it.
 */
export class BatchAppends {
  private opened: Promise<{ call: Call; waiting: Map<string, (answer: Answer) => void> }> | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly answerMs: number,
  ) {}

  /** @param head the revision that the stream stands at, {@link NO_STREAM} without one */
  async send(stream: StreamName, head: number, messages: BatchAppendReq.ProposedMessage[]): Promise<Answer> {
    const id = randomUUID();
    const options = new streams.BatchAppendReq.Options().setStreamIdentifier(identifier(stream));
    if (head === NO_STREAM) options.setNoStream(new Empty.Empty());
    else options.setStreamPosition(String(head));
    const request = new streams.BatchAppendReq()
      .setCorrelationId(new shared.UUID().setString(id))
      .setOptions(options)
      .setProposedMessagesList(messages)
      .setIsFinal(true);
    const deadline = this.deadline();
    try {
      return await Promise.race([deadline.passed, this.write(id, request)]);
    } finally {
      clearTimeout(deadline.timer);
      void this.opened?.then(({ waiting }) => waiting.delete(id)).catch(() => undefined);
    }
  }

  /** The client's own deadlines do not hold on a stream of calls. */
  private deadline(): { passed: Promise<Answer>; timer: NodeJS.Timeout } {
    let timer!: NodeJS.Timeout;
    const passed = new Promise<Answer>((resolve) => {
      timer = setTimeout(
        () => resolve({ kind: 'unknown', reason: `no answer within ${this.answerMs} ms` }),
        this.answerMs,
      );
    });
    return { passed, timer };
  }

  private async write(id: string, request: BatchAppendReq): Promise<Answer> {
    let opened;
    try {
      opened = await (this.opened ??= this.open());
    } catch (error) {
      this.opened = undefined;
      return { kind: 'not_taken', reason: detailsOf(error) };
    }
    const { call, waiting } = opened;
    return new Promise((answer) => {
      waiting.set(id, answer);
      call.write(request);
    });
  }

  private async open() {
    const stub: StreamsClient = await this.connection.stub();
    const call = this.connection.track(stub.batchAppend(...this.connection.arguments()));
    const waiting = new Map<string, (answer: Answer) => void>();
    const opened = { call, waiting };
    const end = (error: unknown): void => {
      void this.opened?.then((current) => {
        if (current === opened) this.opened = undefined;
      });
      for (const answer of waiting.values()) answer(failed(error));
      waiting.clear();
      this.connection.failed(stub, error);
    };
    // An answer that nobody waits for any more (its time was up) is nobody's business.
    call.on('data', (response: BatchAppendResp) => {
      waiting.get(response.getCorrelationId()?.getString() ?? '')?.(answerOf(response));
    });
    call.once('error', end);
    call.once('end', () => end(new Error('the event store ended the stream of appends')));
    return opened;
  }
}
