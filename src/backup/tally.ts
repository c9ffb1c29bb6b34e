import { createHash } from 'node:crypto';

const LINE_FEED = 10;

/** What the rows of a table come to, in `COPY`'s text format: a line feed ends each, and stands nowhere else. */
export class Tally {
  private readonly hash = createHash('sha256');
  private rows = 0;

  constructor(private readonly name: string) {}

  /** Counts some bytes; answers how many rows ended in them. */
  add(bytes: Buffer): number {
    this.hash.update(bytes);
    let ended = 0;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) ended++;
    this.rows += ended;
    return ended;
  }

  /** To be asked once, at the end. */
  sum(): { name: string; rows: number; sha256: string } {
    return { name: this.name, rows: this.rows, sha256: this.hash.digest('hex') };
  }
}
