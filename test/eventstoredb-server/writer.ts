import { DELETED, jsonEvent, NO_STREAM, noBytes, type Log, type ProposedEvent, type StoredEvent } from './log.js';
import type { NodeIndex } from './node-index.js';
import { metastreamOf, parseStreamMetadata, subjectOf, withTruncateBefore } from './stream-metadata.js';

/** What is expected of a stream, in the server's numbers: a revision from 0 on, or one of these. */
export const expected = { noStream: NO_STREAM, any: -2n, streamExists: -4n } as const;

export type WriteResult =
  | { readonly kind: 'written'; readonly last: bigint; readonly position: bigint }
  | { readonly kind: 'wrong-version'; readonly current: bigint }
  | { readonly kind: 'deleted' }
  /** Known, but not yet committed: the server drops the retry and answers nothing. */
  | { readonly kind: 'dropped' };

type Write = { readonly stream: string; readonly expects: bigint; readonly events: readonly ProposedEvent[] };
type Decision = 'append' | WriteResult;

/**
 * Who decides on appends: one writer a leader. It decides by what is written, committed or not, and forgets
 * the ids it remembers for `any` when the process ends; those of an exact revision it finds in the stream.
 */
export class Writer {
  readonly #remembered = new Map<string, StoredEvent>();

  constructor(
    private readonly log: Log,
    private readonly committed: NodeIndex,
  ) {}

  append(write: Write): WriteResult {
    const decision = this.#decide(write);
    if (decision !== 'append') return decision;
    const { stream, events } = write;
    const current = this.log.lastRevision(stream);
    const subject = subjectOf(stream);
    const from = this.#isSoftlyDeleted(subject) ? this.log.lastRevision(subject) + 1n : undefined;
    const position = this.#write(stream, current + 1n, events);
    if (from !== undefined) this.#revive(subject, from);
    this.log.flush();
    return { kind: 'written', last: current + BigInt(events.length), position };
  }

  /** Reads as missing from now on; a later append continues the numbering. */
  delete(stream: string, expects: bigint): WriteResult {
    const metastream = metastreamOf(stream);
    const nothing = this.log.lastRevision(stream) < 0n && this.log.lastRevision(metastream) < 0n;
    const event = jsonEvent('$metadata', `{"$tb":${DELETED}}`);
    return this.#deleteAs(stream, expects, nothing, () =>
      this.#write(metastream, this.log.lastRevision(metastream) + 1n, [event]),
    );
  }

  /** Nobody reads or writes the stream ever again. */
  tombstone(stream: string, expects: bigint): WriteResult {
    const event = { ...jsonEvent('$streamDeleted', ''), isJson: false, data: noBytes };
    return this.#deleteAs(stream, expects, false, () => this.#write(stream, DELETED, [event]));
  }

  #deleteAs(stream: string, expects: bigint, nothing: boolean, write: () => bigint): WriteResult {
    const decision = this.#decide({ stream, expects, events: [jsonEvent('$unknown', '')] });
    if (decision !== 'append') return decision;
    if (nothing) return { kind: 'wrong-version', current: NO_STREAM };
    const position = write();
    this.log.flush();
    return { kind: 'written', last: this.log.lastRevision(stream), position };
  }

  #decide({ stream, expects, events }: Write): Decision {
    const current = this.log.lastRevision(stream);
    const wrong = { kind: 'wrong-version', current } as const;
    if (this.log.lastRevision(subjectOf(stream)) === DELETED) return { kind: 'deleted' };
    if (expects === expected.streamExists) {
      if (this.#isSoftlyDeleted(stream)) return { kind: 'deleted' };
      if (current < 0n && this.log.lastRevision(metastreamOf(stream)) < 0n) return wrong;
    }
    if (expects === expected.any || expects === expected.streamExists) return this.#decideByMemory(stream, events);
    if (expects > current) return wrong;
    return expects === current ? 'append' : this.#decideByStream({ stream, expects, events });
  }

  /** The first id decides whether this is a retry; an unknown one after a known one is a conflict. */
  #decideByMemory(stream: string, events: readonly ProposedEvent[]): Decision {
    const known = events
      .map(({ id }) => this.#remembered.get(id))
      .map((one) => (one?.stream === stream ? one : undefined));
    if (!known[0]) return 'append';
    if (known.includes(undefined)) return { kind: 'wrong-version', current: this.log.lastRevision(stream) };
    return this.#alreadyWritten(known[known.length - 1]!);
  }

  /** The same ids at the same revisions are a retry, whatever their bodies say. */
  #decideByStream({ stream, expects, events }: Write): Decision {
    const stored = this.log.events(stream);
    const there = events.map(({ id }, offset) => {
      const one = stored[Number(expects) + 1 + offset];
      return one?.id === id ? one : undefined;
    });
    if (events.length > 0 && !there.includes(undefined)) return this.#alreadyWritten(there[there.length - 1]!);
    const fresh = expects === NO_STREAM && events.length > 0 && !there[0] && this.#isSoftlyDeleted(stream);
    return fresh ? 'append' : { kind: 'wrong-version', current: this.log.lastRevision(stream) };
  }

  #alreadyWritten({ stream, revision, position }: StoredEvent): WriteResult {
    if (this.committed.lastRevision(stream) < revision) return { kind: 'dropped' };
    const view = this.committed.view(stream);
    const readable = typeof view === 'object' && view.events.some((event) => event.revision === revision);
    return { kind: 'written', last: revision, position: readable ? position : -1n };
  }

  #write(stream: string, first: bigint, events: readonly ProposedEvent[]): bigint {
    const position = this.log.write(stream, first, events);
    const before = this.log.events(stream).length - events.length;
    for (const event of this.log.events(stream).slice(before)) {
      if (!this.#remembered.has(event.id)) this.#remembered.set(event.id, event);
    }
    return position;
  }

  #isSoftlyDeleted(stream: string): boolean {
    const metadata = this.log.events(metastreamOf(stream)).at(-1);
    return metadata !== undefined && parseStreamMetadata(metadata.data).truncateBefore === DELETED;
  }

  /** A stream written to after its soft deletion begins where it ended: one more event of metadata says so. */
  #revive(stream: string, from: bigint): void {
    const metastream = metastreamOf(stream);
    const data = withTruncateBefore(this.log.events(metastream).at(-1)?.data ?? noBytes, from);
    if (data === undefined) return;
    this.#write(metastream, this.log.lastRevision(metastream) + 1n, [jsonEvent('$metadata', data)]);
  }
}
