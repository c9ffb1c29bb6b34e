import { useState } from 'react';
import { ledgerNow } from '../../shared/moment.js';
import { usePreferences } from '../../shared/preferences.js';
import { StatusMark, STATUSES } from '../../shared/status.js';
import { fromField, toField } from './moment-field.js';
import type { Filter, FilterKind } from './filters.js';

interface Props {
  readonly filter: Filter;
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
}

function Statuses({ values, onChange }: Props) {
  return (
    <fieldset className="executions-statuses">
      <legend className="small">Statuses</legend>
      {STATUSES.map((status) => (
        <label key={status}>
          <input
            type="checkbox"
            checked={values.includes(status)}
            onChange={({ target }) =>
              onChange(target.checked ? [...values, status] : values.filter((each) => each !== status))
            }
          />
          <StatusMark status={status} />
        </label>
      ))}
    </fieldset>
  );
}

function Flag({ values, onChange }: Props) {
  return (
    <label className="labelled">
      Value
      <select className="field" value={values[0] ?? ''} onChange={({ target }) => onChange([target.value])}>
        <option value="">choose …</option>
        <option value="true">yes</option>
        <option value="false">no</option>
      </select>
    </label>
  );
}

const HOUR_MS = 3_600_000;
/** Moments that are asked for most; the address keeps the moment, so that a link means the same tomorrow. */
const AGO = [
  ['an hour ago', HOUR_MS],
  ['a day ago', 24 * HOUR_MS],
  ['a week ago', 168 * HOUR_MS],
] as const;

function Moment({ values, onChange }: Props) {
  const { zone } = usePreferences();
  const [text, setText] = useState(toField(values[0], zone));
  const take = (next: string): void => {
    setText(next);
    onChange([fromField(next, zone) ?? '']);
  };
  return (
    <>
      <label className="labelled">
        Moment ({zone === 'utc' ? 'UTC' : 'local time'})
        <input
          className="field"
          type="datetime-local"
          step="1"
          value={text}
          onChange={({ target }) => take(target.value)}
        />
      </label>
      <div className="row">
        {AGO.map(([name, ms]) => (
          <button
            key={name}
            type="button"
            className="chip"
            onClick={() => take(toField(new Date(ledgerNow() - ms).toISOString(), zone))}
          >
            {name}
          </button>
        ))}
      </div>
    </>
  );
}

function Line({ filter, values, onChange }: Props) {
  const { kind, hint, name } = filter;
  return (
    <label className="labelled">
      Value
      <input
        className="field"
        type={kind === 'number' ? 'number' : 'text'}
        min={0}
        {...(name === 'error' && { minLength: 3, maxLength: 255 })}
        {...(kind === 'duration' && { pattern: '\\s*\\d+.*', title: hint })}
        placeholder={hint}
        autoFocus
        required
        value={values[0] ?? ''}
        onChange={({ target }) => onChange([target.value])}
      />
    </label>
  );
}

const FIELDS: Readonly<Record<FilterKind, (shown: Props) => React.ReactNode>> = {
  statuses: Statuses,
  flag: Flag,
  moment: Moment,
  text: Line,
  duration: Line,
  number: Line,
};

/** Asks for the value of a filter as its kind is written. */
export function ValueField(shown: Props) {
  const Field = FIELDS[shown.filter.kind];
  return <Field {...shown} />;
}
