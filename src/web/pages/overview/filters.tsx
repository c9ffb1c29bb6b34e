import { useNavigate } from '@tanstack/react-router';
import { LastLinks } from '../../shared/last-links.js';
import { NARROW_KEYS, NARROWED_BY, OVERVIEW_LASTS, type OverviewQuery, type Narrow } from './asked.js';

/** What the figures are narrowed to; it stands in the address. */
export function Filters({ asked: { narrow, last } }: { readonly asked: OverviewQuery }) {
  const navigate = useNavigate();
  const narrowTo = (key: keyof Narrow, value: string): void => {
    if (value !== (narrow[key] ?? ''))
      void navigate({
        to: '.',
        search: ({ [key]: _before, ...rest }) => (value === '' ? rest : { ...rest, [key]: value }),
      });
  };
  return (
    <div className="row">
      {NARROW_KEYS.map((key) => (
        <form
          key={key}
          onSubmit={(event) => {
            event.preventDefault();
            narrowTo(key, String(new FormData(event.currentTarget).get(key)).trim());
          }}
        >
          <label className={`chip overview-filter${narrow[key] === undefined ? '' : ' set'}`}>
            <b>{NARROWED_BY[key]}</b>
            <input
              key={narrow[key] ?? ''}
              name={key}
              type="search"
              placeholder="any"
              autoComplete="off"
              defaultValue={narrow[key] ?? ''}
              onBlur={({ target }) => narrowTo(key, target.value.trim())}
            />
          </label>
        </form>
      ))}
      <LastLinks chosen={last} among={OVERVIEW_LASTS} />
    </div>
  );
}
