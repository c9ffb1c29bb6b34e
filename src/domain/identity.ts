import type { Decision, Input } from './decision.js';
import type { Description, ExecutionEvent } from './events.js';
import type { ExecutionState, ExistingExecution } from './execution.js';
import { sameJson, type JsonObject } from './json.js';

/** The run that an execution belongs to: its workflow's, or its own, where nobody said (docs/http-api.md, The execution). */
export const runOf = (executionId: string, { description }: ExistingExecution): string =>
  description.run_id ?? description.workflow_id ?? executionId;

/** What is said of an execution's identity, beside what stands; each undefined where there is nothing of the kind. */
export interface IdentityComparison {
  /** What nobody had said yet. */
  readonly fresh?: Description | undefined;
  /** What stands otherwise: the first to say a field wins. */
  readonly contrary?: Description | undefined;
}

/** The fields of an identity. Each label is a field of its own. */
const FIELDS = [
  'run_id',
  'workflow_id',
  'parent_execution_id',
  'target',
  'kind',
  'input',
  'deadline',
  'timeout_ms',
] as const satisfies readonly (keyof Description)[];

const picked = (from: JsonObject, names: readonly string[]): JsonObject | undefined =>
  names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, from[name]]));

function compareFields(said: JsonObject, standing: JsonObject, names: readonly string[]) {
  const told = names.filter((name) => said[name] !== undefined);
  const stands = (name: string): boolean => Object.hasOwn(standing, name) && standing[name] !== undefined;
  return {
    fresh: picked(
      said,
      told.filter((name) => !stands(name)),
    ),
    contrary: picked(
      said,
      told.filter((name) => stands(name) && !sameJson(said[name], standing[name])),
    ),
  };
}

const together = (fields: JsonObject | undefined, labels: JsonObject | undefined): Description | undefined =>
  labels === undefined ? fields : ({ ...fields, labels } as Description);

/** Tells what is new of an identity, and what contradicts it, from what stands already (docs/semantics.md §3). */
export function compare(said: Description, standing: Description): IdentityComparison {
  const fields = compareFields(said as JsonObject, standing as JsonObject, FIELDS);
  if (said.labels === undefined) return fields;
  const labels = compareFields(said.labels, standing.labels ?? {}, Object.keys(said.labels));
  return { fresh: together(fields.fresh, labels.fresh), contrary: together(fields.contrary, labels.contrary) };
}

/** The identity with what is new of it. */
export const filled = (standing: Description, fresh: Description): Description =>
  fresh.labels === undefined
    ? { ...standing, ...fresh }
    : { ...standing, ...fresh, labels: { ...standing.labels, ...fresh.labels } };

/**
 * A decision, and what its request adds to the identity of an execution that is there (docs/semantics.md §3): whatever the
 * verdict, which is not touched, what nobody had said yet is filled in, before all else that the decision writes.
 */
export function withIdentity(decision: Decision, input: Input, state: ExecutionState): Decision {
  if (!('description' in input) || state.status === 'none' || decision.repeats !== undefined) return decision;
  const { fresh, contrary } = compare(input.description, state.description);
  const registers = input.kind === 'register';
  const claims = registers && decision.verdict === 'applied';
  if (fresh === undefined && contrary === undefined && !claims) return decision;
  const described: ExecutionEvent = {
    type: 'ExecutionDescribed',
    data: { attempt: state.attempt, ...(registers ? {} : { by_report: true }), ...fresh },
  };
  return {
    ...decision,
    events: fresh === undefined && !claims ? decision.events : [described, ...decision.events],
    ...(contrary === undefined ? {} : { contrary }),
  };
}
