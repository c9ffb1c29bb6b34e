import { z } from 'zod';

const id = z.union([z.number(), z.bigint(), z.string().min(1).max(100)]).transform(String);
const text = z.string().nullish();
const seconds = z.number().nonnegative().nullish();
const address = z.url({ protocol: /^https?$/ });
const project = z.object({ web_url: address, path_with_namespace: text });

/** The parts of each delivery that the ledger has use for, by `X-Gitlab-Event`; whatever else GitLab sends is not looked at. */
export const payloads = {
  'Pipeline Hook': z.object({
    object_kind: z.literal('pipeline'),
    object_attributes: z.object({
      id,
      name: text,
      ref: text,
      source: text,
      status: z.string(),
      url: text,
      created_at: text,
      finished_at: text,
      duration: seconds,
    }),
    project,
    source_pipeline: z.object({ pipeline_id: id }).nullish(),
  }),
  'Job Hook': z
    .object({
      object_kind: z.literal('build'),
      ref: text,
      build_id: id,
      build_name: text,
      build_stage: text,
      build_status: z.string(),
      build_created_at: text,
      build_started_at: text,
      build_finished_at: text,
      build_duration: seconds,
      build_failure_reason: text,
      pipeline_id: id,
      runner: z.object({ description: text }).nullish(),
      environment: z.object({ name: text }).nullish(),
      project: project.nullish(),
      repository: z.object({ homepage: address }).nullish(),
    })
    // Older versions name the project by its repository alone.
    .refine((job) => job.project ?? job.repository, { path: ['project'], error: 'expected the project of the job' }),
};
/** The events that the ledger has use for. */
export type EventName = keyof typeof payloads;
