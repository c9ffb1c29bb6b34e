import { z } from 'zod';

const text = z.string().nullish();
/** A facet that says something else than the specification has it say is passed over: its run is reported all the same. */
const facet = <T extends z.ZodRawShape>(shape: T) => z.object(shape).nullish().catch(undefined);
const run = z.object({ runId: z.string().min(1).max(200) });
const job = z.object({ namespace: z.string(), name: z.string().min(1) });

/** The parts of a RunEvent that the ledger has use for (OpenLineage 2, `OpenLineage.json`). */
export const runEvent = z.object({
  eventType: text,
  eventTime: z.string(),
  producer: text,
  run: run.extend({
    facets: z
      .object({
        parent: facet({ run, job: job.nullish(), root: facet({ run }) }),
        errorMessage: facet({ message: text, programmingLanguage: text, stackTrace: text }),
        nominalTime: facet({ nominalStartTime: text, nominalEndTime: text }),
        processing_engine: facet({ name: text, version: text }),
      })
      .nullish(),
  }),
  job,
});
export type RunEvent = z.infer<typeof runEvent>;

/** What else is sent to the same address: events about jobs and datasets, which no run is told by. */
const others = [
  ['DatasetEvent', z.object({ dataset: z.object({}) })],
  ['JobEvent', z.object({ job: z.object({}) })],
] as const;

/** The name of an event that has no run, where it is one of the specification's. */
export const otherEvent = (payload: unknown): string | undefined =>
  typeof payload === 'object' && payload !== null && 'run' in payload
    ? undefined
    : others.find(([, schema]) => schema.safeParse(payload).success)?.[0];
