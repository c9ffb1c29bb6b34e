const FIRST_ROOM = 4 * 1024;

/** Bytes that are gathered: one buffer, however small the pieces are that they come in. */
export class GrowingBuffer {
  private room: Buffer = Buffer.alloc(0);
  size = 0;

  /** So many bytes are expected: room for them is taken with the first. */
  constructor(private readonly expected = FIRST_ROOM) {}

  /** How much memory it takes. */
  get held(): number {
    return this.room.length;
  }

  /** What was gathered; a view that the next `add` or `clear` may overwrite. */
  get bytes(): Buffer {
    return this.room.subarray(0, this.size);
  }

  add(chunk: Buffer, from = 0, to = chunk.length): void {
    const size = this.size + to - from;
    if (size > this.room.length) this.grow(size);
    chunk.copy(this.room, this.size, from, to);
    this.size = size;
  }

  private grow(size: number): void {
    const larger = Buffer.allocUnsafe(Math.max(size, 2 * this.room.length, this.expected));
    this.room.copy(larger, 0, 0, this.size);
    this.room = larger;
  }

  /** Forgets what was gathered and keeps the room. */
  clear(): void {
    this.size = 0;
  }
}
