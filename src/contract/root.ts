import * as z from 'zod';

/** The answer of `GET /`; a browser is shown it as a page. */
export const whereToGo = z
  .object({ name: z.string(), version: z.string(), links: z.record(z.string(), z.string()) })
  .meta({ id: 'WhereToGo' });
