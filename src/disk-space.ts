import { statfs } from 'node:fs/promises';

/** What is kept free unless it is said otherwise: this share of the disk, and no more than so many bytes. */
const RESERVE_SHARE = 0.05;
const RESERVE_BYTES = 256 * 1024 * 1024;
/** How often it is looked, in milliseconds: a ledger under full load writes less than the reserve in that time. */
const LOOK_MS = 1_000;

/** What is known of the disk that a folder lies on, in bytes. */
export interface DiskRoom {
  readonly free: number;
  readonly reserve: number;
}

export interface DiskWatch {
  /** It fell below the reserve, or came above it again. */
  changed(room: DiskRoom, full: boolean): void;
  /** It could not be asked; what was known last holds on. */
  failed(error: unknown): void;
}

/**
 * The room on the disk of the embedded database. A database without room for its log panics, and then nothing can be read
 * either: the ledger stops writing while there is still some.
 */
export class DiskSpace {
  private last: DiskRoom | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** `reserve` in bytes; unset: 5 % of the disk or 256 MiB, whichever is less. */
  constructor(
    private readonly folder: string,
    private readonly reserve: number | undefined,
    private readonly watch: DiskWatch,
  ) {}

  /** What was found at the last look. */
  get room(): DiskRoom | undefined {
    return this.last;
  }

  /** By how many bytes there is too little room to write; 0 where there is enough, or nobody knows. */
  get missing(): number {
    const { free, reserve } = this.last ?? { free: 0, reserve: 0 };
    return Math.max(0, reserve - free);
  }

  /** Whether there is too little room to write. */
  get isFull(): boolean {
    return this.missing > 0;
  }

  /** Looks at once, and from then on again and again. */
  async start(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => void this.look(), LOOK_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    const before = this.isFull;
    try {
      const { bavail, blocks, bsize } = await statfs(this.folder);
      const reserve = this.reserve ?? Math.min(blocks * bsize * RESERVE_SHARE, RESERVE_BYTES);
      this.last = { free: bavail * bsize, reserve: Math.ceil(reserve) };
      if (this.isFull !== before) this.watch.changed(this.last, this.isFull);
    } catch (error) {
      this.watch.failed(error);
    }
  }
}
