import { z } from 'zod';

/** What every peer reads of a report. */
export const Report = z.object({
  status: z.string(),
  progress: z.number().min(0).max(100).optional(),
  message: z.string().optional(),
});
