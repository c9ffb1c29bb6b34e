import { z } from 'zod';

const id = z.union([z.number(), z.bigint(), z.string().min(1)]).transform(String);
const text = z.string().nullish();
const attempt = z.number().int().min(1).nullish();
const repository = z.object({ full_name: z.string() });
const progress = { id, name: text, status: z.string(), conclusion: text, html_url: text, head_branch: text };

/** The parts of each delivery that the ledger has use for; whatever else GitHub sends is not looked at. */
export const payloads = {
  workflow_run: z.object({
    repository,
    workflow: z.object({ name: text, path: text }).nullish(),
    workflow_run: z.object({
      ...progress,
      path: text,
      run_attempt: attempt,
      created_at: text,
      run_started_at: text,
      updated_at: text,
    }),
  }),
  workflow_job: z.object({
    repository,
    workflow_job: z.object({
      ...progress,
      run_id: id,
      run_attempt: attempt,
      workflow_name: text,
      created_at: text,
      started_at: text,
      completed_at: text,
    }),
  }),
  check_run: z.object({
    repository,
    check_run: z.object({
      ...progress,
      app: z.object({ slug: text }).nullish(),
      check_suite: z.object({ head_branch: text }).nullish(),
      output: z.object({ title: text }).nullish(),
      started_at: text,
      completed_at: text,
    }),
  }),
  deployment_status: z.object({
    repository,
    deployment: z.object({ id, ref: text, environment: text, created_at: text }),
    deployment_status: z.object({
      state: z.string(),
      description: text,
      environment: text,
      target_url: text,
      created_at: text,
      updated_at: text,
    }),
    workflow_run: z.object({ name: text }).nullish(),
  }),
};
/** The events the ledger has use for. */
export type EventName = keyof typeof payloads;
export type Payload<Name extends EventName> = z.infer<(typeof payloads)[Name]>;
