import { columnOf, type ColumnName } from './columns.js';
import { pressed, sortWords, type Sort } from './sorts.js';

interface Props {
  readonly columns: readonly ColumnName[];
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly isAllSelected: boolean;
  readonly isSomeSelected: boolean;
  readonly onSelectHeld: () => void;
  readonly onClear: () => void;
}

/** The names of the columns; those that the API can sort by are buttons. */
export function Head({ columns, sort, onSort, isAllSelected, isSomeSelected, onSelectHeld, onClear }: Props) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th className="executions-check" scope="col">
          <label>
            <input
              type="checkbox"
              aria-label="Select the rows that are loaded"
              ref={(box) => void (box && (box.indeterminate = isSomeSelected && !isAllSelected))}
              checked={isAllSelected}
              onChange={() => (isSomeSelected ? onClear() : onSelectHeld())}
            />
          </label>
        </th>
        {columns.map((name) => {
          const { label, isNumber, sort: field } = columnOf(name);
          const isSorted = field !== undefined && sort.field === field;
          return (
            <th
              key={name}
              scope="col"
              className={isNumber ? 'number' : ''}
              aria-sort={isSorted ? (sort.isDownwards ? 'descending' : 'ascending') : undefined}
            >
              {field === undefined ? (
                label
              ) : (
                <button
                  type="button"
                  className="executions-sort"
                  title={`Sort: ${sortWords(pressed(sort, field))}`}
                  onClick={() => onSort(pressed(sort, field))}
                >
                  {label}
                  <span aria-hidden="true">{isSorted ? (sort.isDownwards ? ' ↓' : ' ↑') : ''}</span>
                </button>
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
