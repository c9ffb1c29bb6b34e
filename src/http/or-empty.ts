import * as z from 'zod';

/** The schema of a body that may be left out. */
export const orEmpty = <S extends z.ZodType>(schema: S) => z.preprocess((body) => body ?? {}, schema);
