import { useState } from 'react';
import { FILTERS, type Chip, type Filter } from './filters.js';
import { ValueField } from './value-field.js';

const filterNamed = (name: string): Filter => FILTERS.find((filter) => filter.name === name) ?? FILTERS[0]!;

interface Props {
  /** The filter that is edited; missing for a new one. */
  readonly chip?: Chip;
  readonly onApply: (name: string, values: readonly string[]) => void;
  readonly onDone: () => void;
}

/** Which filter, which way round, and which value: what the table of filters says of each. */
export function ChipEditor({ chip, onApply, onDone }: Props) {
  const [filter, setFilter] = useState(chip?.filter ?? FILTERS[0]!);
  const [isNegated, setNegated] = useState(chip?.filter !== undefined && chip.isNegated);
  const [values, setValues] = useState<readonly string[]>(chip?.filter === undefined ? [] : chip.values);
  const [is, isNot] = filter.verbs;
  return (
    <form
      className="executions-editor"
      onSubmit={(event) => {
        event.preventDefault();
        onApply(`${isNegated && isNot !== undefined ? '-' : ''}${filter.name}`, values);
        onDone();
      }}
    >
      <label className="labelled">
        Filter
        <select
          className="field"
          value={filter.name}
          onChange={({ target }) => {
            setFilter(filterNamed(target.value));
            setValues([]);
          }}
        >
          {FILTERS.map(({ name, label, kind, verbs }) => (
            <option key={name} value={name}>
              {kind === 'flag' || verbs[1] !== undefined ? label : `${label} ${verbs[0]}`}
            </option>
          ))}
        </select>
      </label>
      {isNot !== undefined && (
        <label className="labelled">
          Which way
          <select
            className="field"
            value={String(isNegated)}
            onChange={({ target }) => setNegated(target.value === 'true')}
          >
            <option value="false">{is}</option>
            <option value="true">{isNot}</option>
          </select>
        </label>
      )}
      <ValueField key={filter.name} filter={filter} values={values} onChange={setValues} />
      <button className="button main" disabled={values.length === 0 || values[0] === ''}>
        {chip === undefined ? 'Add' : 'Change'}
      </button>
    </form>
  );
}
