import { z } from 'zod';
import { NEW_ENTRY } from './status-words.js';

/** Under which every name that has no quota of its own has one. */
export const EVERY_OTHER = '*';

const MOST = 1_000_000;

/** `name:reports per second, …`, where the name `*` is every other. */
export const quotas = z.string().transform((text, context) => {
  const rates = new Map<string, number>();
  for (const entry of text.trim().split(NEW_ENTRY)) {
    const [, name = '', digits] = /^([\w.-]{1,64}|\*):(\d+(?:\.\d+)?)(?:\/s)?$/.exec(entry) ?? [];
    const rate = Number(digits);
    const wrong = (message: string): void =>
      context.addIssue({ code: 'custom', message: `${JSON.stringify(entry)} ${message}` });
    if (name === '') wrong('is not of the form name:reports/s');
    else if (!(rate > 0 && rate <= MOST)) wrong(`has no rate above 0 and up to ${MOST}`);
    else if (rates.has(name)) wrong('is the second about its name');
    else rates.set(name, rate);
  }
  return rates as ReadonlyMap<string, number>;
});
