import { INDEXED_LENGTH } from '../../projections/short-text.js';
import { encodeText } from '../encoding/json.js';

/** SQL with its parameters, in the making. */
export class Parameters {
  readonly values: unknown[] = [];
  add(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

const PREFIXED = ['execution_id', 'run_id', 'workflow_id'] as const;

/** A prefix as a pattern of `like`. */
export const pattern = (prefix: string): string => prefix.replace(/[\\%_]/g, '\\$&') + '%';

/** Whose text begins like this; `prefix` as the caller knows it. */
export const beginsWith = (column: string, prefix: string, parameters: Parameters): string =>
  `${column} like ${parameters.add(pattern(encodeText(prefix)))}`;

/** How many characters the database counts in an encoded text. */
const charactersOf = (text: string): number => [...text].length;

/** A text is looked up by as much of it as is indexed, then compared whole where that does not tell. */
export function equals(column: string, text: string, parameters: Parameters): string {
  const given = parameters.add(text);
  const indexed = `left(${column}, ${INDEXED_LENGTH}) = left(${given}, ${INDEXED_LENGTH})`;
  return charactersOf(text) >= INDEXED_LENGTH ? `${indexed} and ${column} = ${given}` : indexed;
}

/** As much of a text as is indexed. */
const beginningOf = (text: string): string => [...text].slice(0, INDEXED_LENGTH).join('');

/**
 * Whose text is none of these, those without one included. It is said as the ranges of the index between them: where nearly all
 * have one of these texts, the few others are found without reading all.
 */
export function differs(column: string, texts: readonly string[], parameters: Parameters): string {
  const indexed = `left(${column}, ${INDEXED_LENGTH})`;
  const beginnings = [...new Set(texts.map(beginningOf))].sort((a, b) =>
    Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );
  const given = beginnings.map((beginning) => parameters.add(beginning));
  const between = given.slice(1).map((upper, n) => `${indexed} > ${given[n]} and ${indexed} < ${upper}`);
  const longer = beginnings.flatMap((beginning, n) => {
    if (charactersOf(beginning) < INDEXED_LENGTH) return [];
    const whole = parameters.add(texts.filter((text) => beginningOf(text) === beginning));
    return [`${indexed} = ${given[n]} and ${column} <> all(${whole}::text[])`];
  });
  const ranges = [
    `${indexed} is null`,
    `${indexed} < ${given[0]}`,
    ...between,
    `${indexed} > ${given.at(-1)}`,
    ...longer,
  ];
  return `(${ranges.join(' or ')})`;
}

/** Whose execution, run or workflow id begins like this, apart from each other: each has an index of its own. */
export function beginnings(prefix: string, parameters: Parameters): string[] {
  const like = parameters.add(pattern(prefix));
  const given = charactersOf(prefix) > INDEXED_LENGTH ? parameters.add(prefix) : undefined;
  const each = PREFIXED.map((column) => {
    if (column === 'execution_id') return `${column} like ${like}`;
    const indexed = `left(${column}, ${INDEXED_LENGTH})`;
    if (given === undefined) return `${indexed} like ${like}`;
    return `(${indexed} = left(${given}, ${INDEXED_LENGTH}) and ${column} like ${like})`;
  });
  return each.map((one, n) => [one, ...each.slice(0, n).map((other) => `(${other}) is not true`)].join(' and '));
}
