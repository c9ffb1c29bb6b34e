import { Link } from '@tanstack/react-router';
import { DEFAULT_LAST, LAST_NAMES, type Last } from './last.js';
import './last-links.css';

/** The time that figures are shown of, to choose; it stands in the address. */
export function LastLinks({ chosen, among }: { readonly chosen: Last; readonly among: readonly Last[] }) {
  return (
    <span className="last-links" role="group" aria-label="Time">
      <span className="small">last</span>
      {among.map((last) => (
        <Link
          key={last}
          to="."
          replace
          search={({ last: _last, ...rest }) => (last === DEFAULT_LAST ? rest : { ...rest, last })}
          // Without it an address without parameters is taken for a part of each that has some.
          activeOptions={{ exact: true }}
          {...(last === chosen && { 'aria-current': 'true' as const })}
        >
          {LAST_NAMES[last]}
        </Link>
      ))}
    </span>
  );
}
