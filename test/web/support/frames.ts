import type { Page } from 'playwright-core';

/** No frame of a page is to take longer than this, in milliseconds. */
export const LONGEST_FRAME_MS = 100;

/** What a trace of Chromium says of a thread's task: when it ended is not asked for here. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** By the clock, and of the processor, in microseconds. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

const TASK = 'ThreadControllerImpl::RunTask';
const NAME = 'thread_name';
const MAIN = 'CrRendererMain';

/**
 * The longest task that held a page while something was done in it, in milliseconds: of the processor, and by the clock. A machine
 * that does something else meanwhile makes tasks longer by the clock alone.
 */
export async function longestTask(
  page: Page,
  act: () => Promise<unknown>,
): Promise<{ processor: number; clock: number }> {
  const session = await page.context().newCDPSession(page);
  const traced: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value as unknown as TraceEvent[])
      if (event.name === NAME || (event.name === TASK && event.tdur !== undefined)) traced.push(event);
  });
  const traceConfig = { includedCategories: ['toplevel'], excludedCategories: ['*'] };
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig });
  await act();
  const isOver = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await isOver;
  await session.detach();
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
  const main = new Set(traced.filter(({ name, args }) => name === NAME && args.name === MAIN).map(threadOf));
  const tasks = traced.filter((event) => event.name === TASK && main.has(threadOf(event)));
  if (tasks.length === 0) throw new Error('The trace has no task of the page.');
  const longest = (member: 'dur' | 'tdur'): number =>
    Math.round(tasks.reduce((most, task) => Math.max(most, task[member]!), 0) / 1_000);
  return { processor: longest('tdur'), clock: longest('dur') };
}
