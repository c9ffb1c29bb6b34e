import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { moved } from './column-choice.js';
import { columnOf, COLUMNS, isColumn, type ColumnName } from './columns.js';

interface Props {
  readonly columns: readonly ColumnName[];
  /** Nothing for the usual ones. */
  readonly onChange: (columns: readonly ColumnName[] | undefined) => void;
}

/** Which columns there are, and in which order: what is shown stands first, as it is ordered. */
export function ColumnsMenu({ columns, onChange }: Props) {
  const others = Object.keys(COLUMNS)
    .filter(isColumn)
    .filter((name) => !columns.includes(name));
  const toggle = (name: ColumnName): void =>
    onChange(columns.includes(name) ? columns.filter((each) => each !== name) : [...columns, name]);
  return (
    <DialogTrigger>
      <Button className="button quiet">Columns</Button>
      <Popover className="popover" placement="bottom end">
        <Dialog aria-label="Columns" className="executions-menu">
          <ul>
            {[...columns, ...others].map((name) => {
              const { label } = columnOf(name);
              const place = columns.indexOf(name);
              const move = (by: -1 | 1, where: string) => (
                <Button
                  className="button quiet"
                  aria-label={`Move ${label} ${where}`}
                  // Not at the ends: a button that is disabled as it is pressed loses the focus, and the menu with it.
                  isDisabled={place < 0}
                  onPress={() => onChange(moved(columns, name, by))}
                >
                  {by < 0 ? '↑' : '↓'}
                </Button>
              );
              return (
                <li key={name}>
                  <label>
                    <input
                      type="checkbox"
                      checked={place >= 0}
                      disabled={place >= 0 && columns.length === 1}
                      onChange={() => toggle(name)}
                    />
                    {label}
                  </label>
                  {move(-1, 'up')}
                  {move(1, 'down')}
                </li>
              );
            })}
          </ul>
          <Button className="button" onPress={() => onChange(undefined)}>
            The usual columns
          </Button>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
