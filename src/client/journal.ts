import { open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';

/** A file of JSON values, one a line. What is appended durably survives kill -9 and a power cut. */
export class Journal {
  private file: Promise<FileHandle> | undefined;
  /** One step after the other: two at once would mix their lines. */
  private last: Promise<unknown> = Promise.resolve();
  private length = 0;

  constructor(readonly path: string) {}

  /** The values of a file; a line that was written in part, by a process that was killed, is none. */
  static async read(file: string): Promise<unknown[]> {
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
    return lines.flatMap((line): unknown[] => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });
  }

  /** Appends values; `durably`: it is on the disk when that is done. */
  append(values: readonly unknown[], durably: boolean): Promise<void> {
    return this.then(async () => {
      const file = await this.opened();
      // A line begins with its end: one before it that was cut short by a full disk spoils itself alone.
      const text = values.map((value) => `\n${JSON.stringify(value)}`).join('');
      await file.appendFile(text);
      this.length += text.length;
      if (durably) await file.datasync();
    });
  }

  /** Writes the file anew where that is worth it: `current` is told its characters, and gives what it has to say by then. */
  shrink(current: (length: number) => readonly unknown[] | undefined): Promise<void> {
    return this.then(async () => {
      const values = this.file && current(this.length);
      if (!values) return;
      if (values.length > 0) return this.replace(values);
      await (await this.opened()).truncate();
      this.length = 0;
    });
  }

  async close(): Promise<void> {
    const file = await this.file;
    this.file = undefined;
    await file?.close();
  }

  /** Closes it after what was begun, and deletes it where `isDone` by then. */
  end(isDone: () => boolean): Promise<void> {
    return this.then(async () => {
      await this.close();
      if (isDone()) await rm(this.path, { force: true });
    });
  }

  /** The old file stands until the new one is whole. */
  private async replace(values: readonly unknown[]): Promise<void> {
    const next = new Journal(`${this.path}.next`);
    // A disk that is full must not cost a descriptor each time that this is tried.
    await next.append(values, true).finally(() => next.close());
    await rename(next.path, this.path);
    await this.close();
    this.length = next.length;
  }

  private then(step: () => Promise<void>): Promise<void> {
    const done = this.last.then(step);
    this.last = done.catch(() => undefined);
    return done;
  }

  private opened(): Promise<FileHandle> {
    // What failed once is tried again: the folder may be back, or the disk have room.
    this.file ??= this.open().catch((error: unknown) => {
      this.file = undefined;
      throw error;
    });
    return this.file;
  }

  private async open(): Promise<FileHandle> {
    const file = await open(this.path, 'a', 0o600);
    try {
      const folder = await open(path.dirname(this.path));
      await folder.sync().finally(() => folder.close()); // a file whose name is not on the disk is not found after a power cut
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  }
}
