/** What an expression of Prometheus names. Strings are the only part of it that has to be read with care. */
export interface Named {
  readonly metrics: readonly string[];
  /** Labels that it selects by: of which metric, and the value where it is to be equal. */
  readonly selected: readonly { readonly metric: string; readonly label: string; readonly value?: string }[];
  /** Labels that it groups by; none where it does not group. */
  readonly grouped: readonly string[];
}

const NAME = /\b((?:ledger|process|nodejs)_\w+|up)\b(?:\{([^}]*)\})?/g;
const MATCHER = /(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g;
/** What a histogram's series add to its name. */
const SERIES = /_(?:bucket|count|sum)$/;

/** Reads the names off an expression. */
export function namedIn(expression: string): Named {
  const found = [...expression.matchAll(NAME)].map(([, name, selector = '']) => ({
    metric: name!.replace(SERIES, ''),
    selector,
  }));
  const selected = found.flatMap(({ metric, selector }) =>
    [...selector.matchAll(MATCHER)].map(([, label, how, value]) => ({
      metric,
      label: label!,
      ...(how === '=' && { value: value! }),
    })),
  );
  const grouped = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels]) => labels!.split(/\s*,\s*/));
  return { metrics: found.map(({ metric }) => metric), selected, grouped };
}

/** What a text of `/metrics` has: each metric with the values of each of its labels. */
export function exposed(text: string): Map<string, Map<string, Set<string>>> {
  const all = new Map<string, Map<string, Set<string>>>();
  for (const [, name] of text.matchAll(/^# TYPE (\w+)/gm)) all.set(name!, new Map());
  for (const [, name, labels] of text.matchAll(/^(\w+)\{(.*)\} \S+$/gm)) {
    const seen = all.get(name!) ?? all.get(name!.replace(SERIES, ''))!;
    for (const [, label, , value] of labels!.matchAll(MATCHER))
      seen.set(label!, (seen.get(label!) ?? new Set()).add(value!));
  }
  return all;
}
