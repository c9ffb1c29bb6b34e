const PARTED = ',';

/** The columns that an address names, in its order; what it names and nobody knows, or twice, is left out. */
export function chosen<Name extends string>(
  asked: string | readonly string[] | undefined,
  isColumn: (name: string) => name is Name,
  usual: readonly Name[],
): readonly Name[] {
  const named = [asked ?? []].flat().flatMap((text) => text.split(PARTED));
  const known = [...new Set(named)].filter(isColumn);
  return known.length === 0 ? usual : known;
}

/** The same as the address has it. */
export const written = (columns: readonly string[]): string => columns.join(PARTED);

/** The columns with one of them a place earlier or later; unchanged where there is none. */
export function moved<Name>(columns: readonly Name[], name: Name, by: -1 | 1): readonly Name[] {
  const from = columns.indexOf(name);
  const to = from + by;
  if (from < 0 || to < 0 || to >= columns.length) return columns;
  const next = columns.filter((each) => each !== name);
  return [...next.slice(0, to), name, ...next.slice(to)];
}
