import { setTimeout as pause } from 'node:timers/promises';
import { START } from '../position.js';
import type { Connection } from './connection.js';
import { describedIn } from './event-mapping.js';
import { positionOf, recordAt } from './log-reader.js';
import type { Settings } from './options.js';
import { metadataSubscription } from './requests.js';
import type { StreamHeads } from './stream-heads.js';

const FIRST_BACK_OFF_MS = 100;

/**
 * Hears from the leader what it is told to keep about streams of the ledger, for a soft deletion, `$maxCount`, `$maxAge` and `$tb`
 * are no more than that. The server looks through what others write; here arrives what is about our streams alone.
 */
export class MetadataWatch {
  private running: Promise<void> | undefined;

  constructor(
    private readonly leader: Connection,
    private readonly heads: StreamHeads,
    private readonly settings: Pick<Settings, 'headMs' | 'backOffMs'>,
    private readonly ended: AbortSignal,
  ) {}

  /** Listens from now on, whatever breaks, until the store is closed. */
  start(): void {
    this.running ??= this.run();
  }

  private async run(): Promise<void> {
    const { ended, heads, settings } = this;
    for (let backOff = FIRST_BACK_OFF_MS; !ended.aborted; backOff = Math.min(2 * backOff, settings.backOffMs)) {
      try {
        for await (const heard of this.listen()) {
          backOff = FIRST_BACK_OFF_MS;
          if (heard === 'confirmed') heads.listens();
          else heads.changed(heard.stream);
        }
      } catch {
        // Nothing is remembered meanwhile: each append looks for itself, and is told what ails the store.
      }
      heads.missesNews();
      await pause(backOff, undefined, { signal: ended }).catch(() => undefined);
    }
  }

  /** From a record on, not "from the end": the server may confirm a subscription before it has found where that is. */
  private async *listen(): AsyncGenerator<'confirmed' | { readonly stream: string }, void, undefined> {
    const last = await recordAt(this.leader, 'end', this.settings.headMs);
    for await (const message of this.leader.read(metadataSubscription(last ? positionOf(last) : START))) {
      const stream = describedIn(message);
      if (message.hasConfirmation()) yield 'confirmed';
      else if (stream !== undefined) yield { stream };
    }
  }
}
