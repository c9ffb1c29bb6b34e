import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FileOutbox } from '../../src/client/file-outbox.js';
import {
  connect,
  Ledger,
  MemoryOutbox,
  reportOf,
  type Outbox,
  type OutboxOptions,
  type Report,
} from '../../src/client/index.js';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'outbox-'))));
afterEach(() => rm(folder, { recursive: true }));

const event = (execution: string, body: object): Report =>
  reportOf('event', execution, { execution_id: execution, ...body });
const running = (execution: string): Report => event(execution, { status: 'running' });
const progress = (execution: string, percent: number): Report => event(execution, { progress: percent });
const ended = (execution: string): Report => event(execution, { status: 'succeeded' });
const putAll = async (outbox: Outbox, reports: readonly Report[]): Promise<void> => {
  for (const report of reports) await outbox.put(report);
};
const files = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.endsWith('.reports'));

const kinds = [
  ['in memory', (options?: OutboxOptions): Promise<Outbox> => Promise.resolve(new MemoryOutbox(options))],
  ['in a file', (options?: OutboxOptions): Promise<Outbox> => FileOutbox.open(folder, options)],
] as const;

describe.each(kinds)('an outbox %s', (_name, open) => {
  it('sends the reports of one execution one after the other, and of several at once', async () => {
    const outbox = await open();
    await putAll(outbox, [running('a'), ended('a'), running('b'), ended('b')]);
    const [sent, underWay] = [[] as Report[], new Set<string>()];
    let most = 0;
    await outbox.deliver(async (report) => {
      expect(underWay).not.toContain(report.execution);
      underWay.add(report.execution);
      most = Math.max(most, underWay.size);
      await new Promise(setImmediate);
      underWay.delete(report.execution);
      return sent.push(report) > 0;
    });
    expect(most).toBe(2);
    const statuses = (id: string) =>
      sent.filter(({ execution }) => execution === id).map(({ body }) => (body as { status?: string }).status);
    expect([statuses('a'), statuses('b'), outbox.size]).toEqual([
      ['running', 'succeeded'],
      ['running', 'succeeded'],
      0,
    ]);
    await outbox.close();
  });

  it('keeps what is not answered, and what is behind it, in its order', async () => {
    const outbox = await open();
    const reports = [running('a'), running('b'), ended('a'), ended('b')];
    await putAll(outbox, reports);
    const first: string[] = [];
    await outbox.deliver(({ execution }) => Promise.resolve(first.push(execution) > 0 && execution === 'b'));
    expect([first.sort(), outbox.size]).toEqual([['a', 'b', 'b'], 2]);
    await expect(outbox.deliver(() => Promise.reject(new Error('nobody there')))).rejects.toThrow('nobody there');
    const second: Report[] = [];
    await outbox.deliver((report) => Promise.resolve(second.push(report) > 0));
    expect(second).toEqual([reports[0], reports[2]]);
    await outbox.close();
  });

  it('delivers what is put meanwhile as well', async () => {
    const outbox = await open();
    await outbox.put(running('a'));
    const sent: string[] = [];
    await outbox.deliver(async ({ execution }) => {
      if (execution === 'a') await outbox.put(running('b'));
      return sent.push(execution) > 0;
    });
    expect(sent.sort()).toEqual(['a', 'b']);
    await outbox.close();
  });

  it('keeps one that would fill it alone without its payload, or not at all, and gives up no other for it', async () => {
    const given: Report[] = [];
    const outbox = await open({ limit: 10_000, onDrop: (report) => given.push(report) });
    const large = event('b', { status: 'succeeded', result: 'x'.repeat(20_000) });
    const whole = event('c', { status: 'failed', error: 'x'.repeat(20_000) });
    await putAll(outbox, [progress('a', 1), large, whole]);
    expect([given, outbox.size]).toEqual([[whole], 2]);
    const sent: Report[] = [];
    await outbox.deliver((report) => Promise.resolve(sent.push(report) > 0));
    expect(sent.at(-1)).toEqual({ ...large, body: { execution_id: 'b', status: 'succeeded' } });
    await outbox.close();
  });

  it('gives up the oldest progress first, and no outcome while something lesser is there; each is told', async () => {
    const reports = [
      progress('a', 1),
      running('a'),
      progress('a', 2),
      ended('a'),
      ended('b'),
      ended('c'),
      progress('d', 3),
    ];
    const { length } = JSON.stringify(reports[3]);
    const given: Report[] = [];
    const outbox = await open({ limit: 2.5 * length, onDrop: (report) => given.push(report) });
    await putAll(outbox, reports);
    expect(given).toEqual([reports[0], reports[2], reports[1], reports[3], reports[6]]);
    expect([outbox.dropped, outbox.size]).toEqual([5, 2]);
    await outbox.close();
  });
});

describe('an outbox in a file', () => {
  const reopened = async (): Promise<{ readonly outbox: FileOutbox; readonly reports: Report[] }> => {
    const [outbox, reports] = [await FileOutbox.open(folder), [] as Report[]];
    await outbox.deliver((report) => Promise.resolve(reports.push(report) > 0));
    return { outbox, reports };
  };

  it('is taken over by the next process, in order and without what was answered', async () => {
    const first = await FileOutbox.open(folder);
    const reports = [running('a'), running('b'), ended('a')];
    await putAll(first, reports);
    await first.deliver(({ execution }) => Promise.resolve(execution === 'b'));
    await first.close();
    const second = await reopened();
    expect(second.reports).toEqual([reports[0], reports[2]]);
    await second.outbox.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is not taken over while its process lives', async () => {
    const first = await FileOutbox.open(folder);
    await first.put(running('a'));
    const second = await reopened();
    expect(second.reports).toEqual([]);
    await first.close();
    const [third, fourth] = await Promise.all([reopened(), reopened()]);
    expect([...third.reports, ...fourth.reports]).toHaveLength(1);
    for (const { outbox } of [second, third, fourth]) await outbox.close();
  });

  it('reads what stands before and behind a line that was written in part', async () => {
    const first = await FileOutbox.open(folder);
    await first.put(running('a'));
    const [file] = await files();
    await appendFile(path.join(folder, file!), '\n{"report":{"id":"half');
    await first.put(ended('a'));
    await first.close();
    const { outbox, reports } = await reopened();
    expect(reports).toHaveLength(2);
    await outbox.close();
  });

  it('has nothing on the disk of what was answered, however much it was', async () => {
    const outbox = await FileOutbox.open(folder);
    const stays = running('stays');
    await outbox.put(stays);
    const large = 'x'.repeat(100_000);
    for (let n = 0; n < 25; n++) await outbox.put(event(`done-${n}`, { message: large }));
    await outbox.deliver(({ execution }) => Promise.resolve(execution !== 'stays'));
    await outbox.put(ended('stays'));
    await outbox.put(ended('stays'));
    const [file] = await files();
    expect((await readFile(path.join(folder, file!), 'utf8')).length).toBeLessThan(1024 * 1024);
    await outbox.close();
    const next = await reopened();
    expect(next.reports.map(({ execution }) => execution)).toEqual(['stays', 'stays', 'stays']);
    await next.outbox.close();
  });

  it('is opened, and the other files are taken over, where one cannot be read', async () => {
    const first = await FileOutbox.open(folder);
    await first.put(running('a'));
    await first.close();
    await mkdir(path.join(folder, '1-aa.bb.reports')); // it comes first, and reading it fails
    const { outbox, reports } = await reopened();
    expect(reports).toHaveLength(1);
    await outbox.close();
    expect(await files()).toHaveLength(1);
  });

  it('writes to the disk again once its folder is back', async () => {
    const outbox = await FileOutbox.open(folder);
    await rm(folder, { recursive: true });
    await expect(outbox.put(running('a'))).rejects.toThrow('ENOENT');
    await mkdir(folder);
    await outbox.put(ended('a'));
    expect(await files()).toHaveLength(1);
    await outbox.close();
  });

  it('lets go of its folder where its file cannot be deleted, and the ledger that is closed tells and does not throw', async () => {
    const outbox = await FileOutbox.open(folder);
    await outbox.put(running('a'));
    await outbox.deliver(() => Promise.resolve(true));
    const [file] = await files();
    await rm(path.join(folder, file!));
    await mkdir(path.join(folder, file!));
    const troubles: unknown[] = [];
    await new Ledger(connect(), { outbox, onTrouble: (error) => troubles.push(error) }).close();
    expect(troubles).toHaveLength(1);
    expect((await readdir(folder)).filter((name) => name.endsWith('.sock'))).toEqual([]);
  });

  it('is rid of what processes left behind that were killed before they kept anything, of no others', async () => {
    const live = await FileOutbox.open(folder);
    const listening = (name: string): string =>
      `require('net').createServer().listen('${path.join(folder, `${name}.sock`)}', () => process.kill(process.pid, 'SIGKILL'))`;
    for (const name of ['01d', '1ae']) spawnSync(process.execPath, ['-e', listening(name)]);
    const sockets = async (): Promise<string[]> => (await readdir(folder)).filter((file) => file.endsWith('.sock'));
    const pipes = ['01d.pipe', '1ae.pipe', `${live.ownerName}.pipe`, 'spare.pipe'];
    for (const pipe of pipes) await writeFile(path.join(folder, pipe), '');
    expect(await sockets()).toHaveLength(3);
    const longAgo = new Date(Date.now() - 3_600_000);
    for (const file of [`${live.ownerName}.sock`, '01d.sock', ...pipes.filter((pipe) => pipe !== '1ae.pipe')])
      await utimes(path.join(folder, file), longAgo, longAgo);
    await (await FileOutbox.open(folder)).close();
    expect((await sockets()).sort()).toEqual([`${live.ownerName}.sock`, '1ae.sock'].sort());
    expect((await readdir(folder)).filter((file) => file.endsWith('.pipe')).sort()).toEqual(pipes.slice(1).sort());
    await live.close();
  });
});
