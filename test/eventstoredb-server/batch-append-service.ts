import { randomUUID } from 'node:crypto';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { batchAnswer, batchErrors, identifierOf } from './append-answers.js';
import type { ProposedEvent } from './log.js';
import type { ClusterNode } from './node.js';
import { eventOf, expectedOf, sizeOf, streamOf } from './proposed.js';
import { asRpcError, RpcError } from './rpc-error.js';
import { write, type Caller } from './writing.js';

type Call = ServerDuplexStream<BatchAppendReq, BatchAppendResp>;

/** An append of which not all parts have come. */
interface Pending {
  readonly options: BatchAppendReq.Options;
  readonly events: ProposedEvent[];
  readonly timer: NodeJS.Timeout;
  size: number;
}

/** The shared way of appending: one call for a client's whole life, many appends in it, answered by their ids. */
export function batchAppendService(node: ClusterNode, cut: (peer: string) => void) {
  return (call: Call): void => {
    const batch = new Batch(node, call, { metadata: call.metadata, cut: () => cut(call.getPeer()) });
    call.on('data', (request: BatchAppendReq) => batch.queue(() => batch.take(request)));
    call.on('end', () => batch.queue(() => batch.end()));
    for (const event of ['cancelled', 'close', 'error']) call.on(event, () => batch.close());
  };
}

class Batch {
  #turn: Promise<void> = Promise.resolve();
  readonly #pending = new Map<string, Pending>();
  #unanswered = 0;
  #ended = false;

  constructor(
    private readonly node: ClusterNode,
    private readonly call: Call,
    private readonly caller: Caller,
  ) {}

  /** One request after another, and none while frozen: whose deadline has passed by then is not carried out. */
  queue(act: () => void): void {
    this.#turn = this.#turn.then(() => this.node.gate.opened).then(act);
  }

  /** What cannot be taken is answered as a bad request, and, oddly, once more as timed out when its time is up. */
  take(request: BatchAppendReq): void {
    const id = request.getCorrelationId()?.getString() ?? '';
    try {
      if (!this.#begin(id, request.getOptions())) return;
      const pending = this.#pending.get(id);
      if (pending) this.#add(id, pending, request);
    } catch (error) {
      if (!request.getOptions()) return this.#fail(error);
      this.#refuse(id, request.getOptions()!, batchErrors.badRequest((error as Error).message));
    }
  }

  end(): void {
    this.#ended = true;
    this.#endWhenAnswered();
  }

  close(): void {
    for (const { timer } of this.#pending.values()) clearTimeout(timer);
    this.#pending.clear();
  }

  #begin(id: string, options: BatchAppendReq.Options | undefined): boolean {
    if (!options) return true;
    const asked = (options.getDeadline()?.toDate().getTime() ?? Infinity) - Date.now();
    const ms = Math.min(asked, this.node.settings.commitTimeoutMs);
    const error = this.#denied() ?? (ms <= 0 ? batchErrors.timeout() : undefined);
    if (error) {
      this.#refuse(id, options, error);
      return false;
    }
    const timer = setTimeout(() => {
      this.#pending.delete(id);
      this.#refuse(id, options, batchErrors.timeout());
    }, ms).unref();
    this.#pending.set(id, { options, events: [], timer, size: 0 });
    return true;
  }

  #denied() {
    try {
      this.node.authorize(this.caller.metadata, 'append');
      return undefined;
    } catch {
      return batchErrors.accessDenied();
    }
  }

  #add(id: string, pending: Pending, request: BatchAppendReq): void {
    const limit = this.node.settings.maxAppendSize;
    for (const message of request.getProposedMessagesList()) {
      pending.events.push(eventOf(message));
      pending.size += sizeOf(message);
    }
    const tooLarge = pending.size > limit;
    if (tooLarge) this.#refuse(id, pending.options, batchErrors.maxAppendSize(limit));
    if (!tooLarge && !request.getIsFinal()) return;
    clearTimeout(pending.timer);
    this.#pending.delete(id);
    if (!tooLarge) void this.#append(id, pending);
  }

  async #append(id: string, { options, events }: Pending): Promise<void> {
    this.node.counter.count('batchAppend');
    this.#unanswered++;
    try {
      const stream = streamOf(options.getStreamIdentifier());
      const expects = expectedOf(options, () => options.getStreamPosition());
      const answer = await write(this.node, this.caller, 'append', (writer) =>
        writer.append({ stream, expects, events }),
      );
      this.#answer(answer.kind === 'unexpected' ? randomUUID() : id, batchAnswer(answer, stream, expects));
    } catch (error) {
      if (error instanceof RpcError) this.#fail(error);
      else this.#refuse(id, options, batchErrors.badRequest((error as Error).message));
    }
    this.#unanswered--;
    this.#endWhenAnswered();
  }

  #refuse(id: string, options: BatchAppendReq.Options, error: ReturnType<typeof batchErrors.timeout>): void {
    const identifier = options.getStreamIdentifier() ?? identifierOf('');
    this.#answer(id, new streams.BatchAppendResp().setStreamIdentifier(identifier).setError(error));
  }

  #answer(id: string, response: BatchAppendResp): void {
    if (this.call.writable) this.call.write(response.setCorrelationId(new shared.UUID().setString(id)));
  }

  #fail(error: unknown): void {
    this.call.emit('error', asRpcError(error));
  }

  #endWhenAnswered(): void {
    if (this.#ended && this.#unanswered === 0 && this.call.writable) this.call.end();
  }
}
