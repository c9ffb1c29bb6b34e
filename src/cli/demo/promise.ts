import { isTerminal } from '../../domain/status.js';
import type { SourceReport } from '../../sources/source-report.js';

/** What a ledger shows of an execution, as far as the order of its reports must not change it. */
export interface Outcome {
  readonly status: string;
  readonly authority: string | null;
}

/** The reason given where a set of reports leaves its execution open. */
export const STILL_OPEN = 'no terminal among its reports';

/** Why the order of these reports may matter, or nothing where it must not (docs/semantics.md §3). */
export function whyOrderMatters(reports: readonly SourceReport[]): string | undefined {
  const terminals = (inferred: boolean) => [
    ...new Set(
      reports
        .filter((report) => (report.inferred ?? false) === inferred)
        .flatMap(({ status }) => status ?? [])
        .filter(isTerminal),
    ),
  ];
  const [told, guessed] = [terminals(false), terminals(true)];
  if (reports.some(({ status }) => status === 'paused')) return 'was reported paused';
  if (told.length > 1) return `contradicts itself: ${told.sort().join(', ')}`;
  if (told.length === 0 && guessed.length > 1) return `is guessed at in two ways: ${guessed.sort().join(', ')}`;
  return told.length + guessed.length === 0 ? STILL_OPEN : undefined;
}

/** One execution after two orders of arrival. */
export interface Comparison {
  readonly execution: string;
  readonly reports: number;
  readonly outcomes: readonly [Outcome | undefined, Outcome | undefined];
  readonly orderMatters: string | undefined;
  /** Whether the ledger kept its promise; true as well where it made none, as long as it has an outcome to show. */
  readonly kept: boolean;
}

/** Holds two rounds of the same reports against each other. `outcomes` answer by execution id as in `reports`. */
export function compare(
  reports: readonly SourceReport[],
  outcomes: readonly [ReadonlyMap<string, Outcome>, ReadonlyMap<string, Outcome>],
): Comparison[] {
  return [...new Set(reports.map(({ execution_id }) => execution_id))].map((execution) => {
    const own = reports.filter(({ execution_id }) => execution_id === execution);
    const [first, second] = [outcomes[0].get(execution), outcomes[1].get(execution)];
    const same = first?.status === second?.status && first?.authority === second?.authority;
    const orderMatters = whyOrderMatters(own);
    const kept = first !== undefined && second !== undefined && (same || orderMatters !== undefined);
    return {
      execution,
      reports: own.length,
      outcomes: [first, second],
      orderMatters,
      kept,
    };
  });
}
