/** The parameters of an address: a text, or several of one name. */
export type Search = Readonly<Record<string, string | readonly string[]>>;

/** The parameters as `name=value`, a name once for each of its values: what the API takes stands in the address as it is. */
export function parseSearch(text: string): Search {
  const parameters = new URLSearchParams(text);
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length > 1 ? values : values[0]!];
    }),
  );
}
