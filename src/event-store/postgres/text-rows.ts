/** Query settings of `pg`: rows as arrays of the text that came; whoever asked knows the types, and no digit is lost. */
export const textRows = {
  rowMode: 'array',
  types: { getTypeParser: () => (text: string) => text },
} as const;
