import { NO_STREAM, type StreamName } from '../../domain/stream.js';
import { StoreError } from '../../errors.js';
import type { Connection } from './connection.js';
import type { MetadataWatch } from './metadata-watch.js';
import type { Settings } from './options.js';
import type { StreamHeads } from './stream-heads.js';
import { refuseShortened } from './stream-reader.js';

/**
 * Keeps appends from streams that were deleted or cut: the store appends to one as to any other, so that what is decided on what
 * is known of it would be written on.
 */
export class WholeStreams {
  constructor(
    private readonly leader: Connection,
    private readonly heads: StreamHeads,
    private readonly watch: MetadataWatch,
    private readonly settings: Pick<Settings, 'headMs' | 'now'>,
  ) {}

  /**
   * To ask with every append would cost each a call: it is asked of a stream once, and again when the store has told this
   * process something of it; each time where events go with their age or their number, for that it does not tell.
   * @throws StoreError `unreadable`, or `unavailable` without an answer
   */
  async refuseShortened(stream: StreamName, head: number): Promise<void> {
    if (head === NO_STREAM) return;
    const { heads, watch, settings } = this;
    watch.start();
    if (heads.isWhole(stream, settings.now())) return;
    const { news } = heads;
    if (await this.look(stream)) heads.foundWhole(stream, Infinity, news);
  }

  /**
   * After an append that was under way while the store told something, which may stand before it in the log. What the append
   * wrote is where nobody reads it, then, and nobody is told that all is well.
   * @throws StoreError `unreadable`, or `outcome_unknown` without an answer
   */
  async refuseWritten(stream: StreamName): Promise<void> {
    try {
      await this.look(stream);
    } catch (error) {
      if (!(error instanceof StoreError) || error.kind !== 'unavailable') throw error;
      throw new StoreError('outcome_unknown', error.message);
    }
  }

  private look(stream: StreamName): Promise<boolean> {
    return refuseShortened(this.leader, stream, this.settings.headMs);
  }
}
