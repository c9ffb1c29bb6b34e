import { memo } from 'react';
import { safe } from '../../shared/text.js';
import type { ExecutionSummary } from '../../shared/live.js';
import { columnOf, type ColumnName } from './columns.js';

interface Props {
  readonly execution: ExecutionSummary;
  /** Its place among all rows, from 1; the head of the table is the first for those who hear it read. */
  readonly at: number;
  readonly columns: readonly ColumnName[];
  readonly isSelected: boolean;
  readonly isActive: boolean;
  readonly toggle: (id: string, isRange: boolean) => void;
  readonly activate: (id: string) => void;
}

/** One execution. Drawn anew only when something of it changed: there are five hundred changes a second of others. */
export const Row = memo(function Row({ execution, at, columns, isSelected, isActive, toggle, activate }: Props) {
  const { execution_id: id } = execution;
  return (
    <tr
      aria-rowindex={at + 1}
      data-id={id}
      className={`executions-row${isSelected ? ' selected' : ''}${isActive ? ' active' : ''}`}
      onClick={() => activate(id)}
    >
      <td className="executions-check">
        <label>
          <input
            type="checkbox"
            aria-label={`Select ${safe(id, 100)}`}
            checked={isSelected}
            onChange={() => undefined}
            onClick={({ shiftKey }) => toggle(id, shiftKey)}
          />
        </label>
      </td>
      {columns.map((name) => {
        const { cell, isNumber } = columnOf(name);
        return (
          <td key={name} className={`executions-cell executions-of-${name}${isNumber ? ' number' : ''}`}>
            {cell(execution)}
          </td>
        );
      })}
    </tr>
  );
});
