import { WINDOW_WEIGHT } from './body-weight.js';
import type { RawReport } from './report-splitter.js';

/** What a report, and each of its values, costs beside its text, in as many bytes: measured in processor time. */
const REPORT_WEIGHT = 2 * 1024;
const VALUE_WEIGHT = 64;

/** What a report costs, in bytes of text that would cost as much. */
export const weightOf = ({ bytes, values }: RawReport): number => REPORT_WEIGHT + bytes.length + values * VALUE_WEIGHT;

/** The reports in parts that are begun, and in memory as values, together: of at most as many as `most` says at the time. */
export function* slicesOf(reports: readonly RawReport[], most: () => number): Generator<RawReport[]> {
  for (let from = 0; from < reports.length;) {
    const end = Math.min(reports.length, from + most());
    let to = from + 1;
    for (let weight = weightOf(reports[from]!); to < end; to++) {
      weight += weightOf(reports[to]!);
      if (weight > WINDOW_WEIGHT) break;
    }
    yield reports.slice(from, to);
    from = to;
  }
}
