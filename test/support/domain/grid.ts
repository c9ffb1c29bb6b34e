/** One row of a table written by hand: its name and its cells by column. */
export interface GridRow {
  readonly row: string;
  readonly cells: Readonly<Record<string, string>>;
}

/**
 * Reads a table drawn in text: a header line, then one line per row, name and cells parted by `|`, cells by blanks.
 * A row of another length than the header fails the file: a table with a hole proves nothing.
 */
export function grid(drawing: string): GridRow[] {
  const [header, ...lines] = drawing.split('\n').filter((line) => line.trim() !== '');
  const split = (line: string): [string, string[]] => {
    const [name = '', cells = ''] = line.split('|');
    return [name.trim().replace(/\s+/g, ' '), cells.trim().split(/\s+/)];
  };
  const [, columns] = split(header as string);
  return lines.map((line) => {
    const [row, cells] = split(line);
    if (cells.length !== columns.length) throw new Error(`grid: ${row} has ${cells.length} of ${columns.length} cells`);
    return { row, cells: Object.fromEntries(columns.map((column, i) => [column, cells[i] as string])) };
  });
}

/** The cells of a row as some code answers them, to be held against those on the page. */
export const answers = (row: GridRow, answer: (column: string, cell: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(row.cells).map(([column, cell]) => [column, answer(column, cell)]));
