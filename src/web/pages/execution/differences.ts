/** A field in which two states differ; what one of them does not have is `undefined`. */
export interface Difference {
  readonly field: string;
  readonly one: string | undefined;
  readonly other: string | undefined;
}

/** What differs in any two states and says nothing. */
const OF_THE_READING: ReadonlySet<string> = new Set(['position', 'execution_id', 'report_as']);

const textOf = (value: unknown): string | undefined =>
  value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value);

/** The fields in which two states differ, in the order in which the API has them. */
export function differences(one: object, other: object): Difference[] {
  const [left, right] = [one as Record<string, unknown>, other as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .filter((field) => !OF_THE_READING.has(field))
    .map((field) => ({ field, one: textOf(left[field]), other: textOf(right[field]) }))
    .filter((row) => row.one !== row.other);
}
