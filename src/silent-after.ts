import { z } from 'zod';
import type { SilenceException, SilentAfter } from './domain/decision-time.js';
import { duration } from './quantity-schemas.js';
import { NEW_ENTRY } from './status-words.js';

/** Where nothing is set for an execution, in milliseconds. */
const DEFAULT_MS = 15 * 60_000;

const BY = { workflow: 'workflow_id', target: 'target' } as const;
/** The last colon ends the name: names have colons themselves. */
const EXCEPTION = /^(workflow|target)=(.+):([^:]+)$/;

/** `duration, workflow=name:duration, target=name:duration, …`; of the entries with a name the first that fits counts. */
export const silentAfter = z.string().transform((text, context): SilentAfter => {
  let ms: number | undefined;
  const exceptions: SilenceException[] = [];
  for (const entry of text.trim().split(NEW_ENTRY)) {
    const wrong = (message: string): void =>
      context.addIssue({ code: 'custom', message: `${JSON.stringify(entry)} ${message}` });
    const [, by, value, limit = entry] = EXCEPTION.exec(entry) ?? [];
    const read = duration.safeParse(limit);
    if (!read.success) wrong('has no duration of 1 s to 36500 d at its end, such as 10m');
    else if (by !== undefined) exceptions.push({ by: BY[by as keyof typeof BY], value: value!, ms: read.data });
    else if (ms !== undefined) wrong('is the second duration for all others');
    else ms = read.data;
  }
  return { ms: ms ?? DEFAULT_MS, exceptions };
});

/** Where the variable is not set. */
export const SILENT_BY_DEFAULT: SilentAfter = { ms: DEFAULT_MS, exceptions: [] };
