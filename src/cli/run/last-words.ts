import { stripVTControlCharacters } from 'node:util';

/** How much of what a program wrote to stderr is kept, in bytes. */
export const KEPT_BYTES = 8 * 1024;

const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;

/** The end of what a program wrote, however much it wrote. */
export class LastWords {
  private kept = Buffer.alloc(0);
  private cut = false;

  add(chunk: Buffer): void {
    const all = Buffer.concat([this.kept, chunk.subarray(-KEPT_BYTES)]);
    this.cut ||= chunk.length + this.kept.length > KEPT_BYTES;
    this.kept = all.subarray(-KEPT_BYTES);
  }

  /** As text; a byte that is no UTF-8 is U+FFFD. It begins with a whole character, where the first one was cut. */
  get text(): string {
    const start = this.cut ? this.kept.subarray(0, 3).findIndex((byte) => !isContinuation(byte)) : 0;
    return this.kept.subarray(Math.max(0, start)).toString('utf8');
  }

  /** The last line that is not blank, without what acts on a terminal. */
  get lastLine(): string | undefined {
    const lines = stripVTControlCharacters(this.text).split(/[\r\n]+/);
    return lines.findLast((line) => line.trim() !== '')?.trim();
  }
}
