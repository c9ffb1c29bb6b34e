import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import { createGunzip } from 'node:zlib';
import { type Backup, BackupRefused, type BackupHead, type BackupTable, readFoot, readHead } from './head.js';
import { Tally } from './tally.js';

const LINE_FEED = 10;
/** Ends a table. No row is this line: a backslash of data is written as two. */
export const END_OF_TABLE = Buffer.from('\\.\n');
const WITHIN = Buffer.from('\n\\.\n');
const CHUNK = 256 * 1024;

/** Told how much of the file has been read, of how much, in bytes. */
export type Progress = (done: number, total: number) => void;
/** Given each table with its rows, in `COPY`'s text format. What it does not read is read over. */
export type Visit = (table: BackupTable, rows: AsyncIterable<Buffer>, head: BackupHead) => Promise<void>;

/** The file, unpacked, in blocks of whole lines. */
async function* wholeLines(file: string, told: Progress, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const { size } = await stat(file);
  const packed = createReadStream(file, { highWaterMark: CHUNK });
  const unpacked = createGunzip({ chunkSize: CHUNK });
  // What fails is thrown by the loop below.
  pipeline(packed, unpacked, { signal }).catch(() => undefined);
  const begun: Buffer[] = [];
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      told(packed.bytesRead, size);
      const end = chunk.lastIndexOf(LINE_FEED) + 1;
      if (end > 0) yield Buffer.concat([...begun.splice(0), chunk.subarray(0, end)]);
      if (end < chunk.length) begun.push(chunk.subarray(end));
    }
  } catch (error) {
    signal?.throwIfAborted();
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (!code.startsWith('Z_')) throw error;
    throw new BackupRefused(`${file} is damaged or was cut off (${message})`, { cause: error });
  }
  if (begun.length > 0) throw new BackupRefused(`${file} was cut off within a line`);
}

/** A place in the file, which moves on line by line or table by table. */
class Place {
  private left: Buffer = Buffer.alloc(0);

  constructor(
    private readonly file: string,
    private readonly blocks: AsyncIterator<Buffer>,
  ) {}

  async line(): Promise<string> {
    if (!(await this.more())) throw this.cutOff();
    return this.take(this.left.indexOf(LINE_FEED) + 1).toString('utf8');
  }

  /** The rows up to the end of the table. */
  async *rows(): AsyncGenerator<Buffer> {
    while (await this.more()) {
      const isEnd = this.left.subarray(0, END_OF_TABLE.length).equals(END_OF_TABLE);
      if (isEnd) return void this.take(END_OF_TABLE.length);
      const end = this.left.indexOf(WITHIN);
      yield this.take(end < 0 ? this.left.length : end + 1);
    }
    throw this.cutOff();
  }

  /** Whether there is anything behind this place. */
  async more(): Promise<boolean> {
    while (this.left.length === 0) {
      const { done, value } = await this.blocks.next();
      if (done) return false;
      this.left = value;
    }
    return true;
  }

  private take(length: number): Buffer {
    const taken = this.left.subarray(0, length);
    this.left = this.left.subarray(length);
    return taken;
  }

  private cutOff = (): BackupRefused => new BackupRefused(`${this.file} was cut off`);
}

async function* tallied(rows: AsyncIterable<Buffer>, tally: Tally): AsyncGenerator<Buffer> {
  for await (const bytes of rows) {
    tally.add(bytes);
    yield bytes;
  }
}

/**
 * Reads a backup to its end, and holds each table against what its last line says of it.
 * @throws BackupRefused where the file is not a whole backup: what was visited is not to be kept then
 */
export async function readBackup(
  file: string,
  told: Progress = () => undefined,
  visit: Visit = async () => undefined,
  signal?: AbortSignal,
): Promise<Backup> {
  const blocks = wholeLines(file, told, signal);
  try {
    const place = new Place(file, blocks);
    const head = readHead(file, await place.line());
    const found = [];
    for (const table of head.tables) {
      const tally = new Tally(table.name);
      const rows = tallied(place.rows(), tally);
      // Whoever stops reading in the middle would close it.
      await visit(table, { [Symbol.asyncIterator]: () => ({ next: () => rows.next() }) }, head);
      for await (const _ of rows);
      found.push(tally.sum());
    }
    const foot = readFoot(file, await place.line());
    for (const [n, one] of found.entries())
      if (!isDeepStrictEqual(one, foot.tables[n]))
        throw new BackupRefused(`${file} is damaged: the table ${one.name} is not what was written`);
    if (await place.more()) throw new BackupRefused(`${file} is damaged: something stands behind its last line`);
    return { head, foot };
  } finally {
    await blocks.return(undefined);
  }
}
