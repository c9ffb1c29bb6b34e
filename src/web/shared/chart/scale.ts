/** What a chart is told of one part of the time: how much of each series, from the bottom up. */
export interface Column {
  /** Its beginning, in milliseconds since 1970. */
  readonly at: number;
  readonly amounts: readonly number[];
}

export const sumOf = ({ amounts }: Column): number => amounts.reduce((sum, amount) => sum + amount, 0);

const STEPS = [1, 2, 5, 10];

/** Round figures for an axis from 0 to `most`, three at most beside 0: the last is at or above it. */
export function ticksOf(most: number): readonly number[] {
  if (most <= 0) return [0, 1];
  const rough = most / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(STEPS.find((each) => each * power >= rough)! * power, Number.EPSILON);
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, at) => at * step);
}

/** Where the figures below an axis of time stand: some of the columns, evenly apart. */
export function labelledOf(columns: number, most: number): readonly number[] {
  const apart = Math.max(1, Math.ceil(columns / most));
  return Array.from({ length: Math.ceil(columns / apart) }, (_, at) => at * apart);
}

/** The column that lies under the pointer. */
export const columnAt = (x: number, width: number, columns: number): number =>
  Math.min(columns - 1, Math.max(0, Math.floor((x / width) * columns)));
