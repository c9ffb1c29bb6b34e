import type { Search } from '../../shared/search.js';
import { chipsOf, withChip, withoutChip } from './filters.js';
import { ChipMark, NewChip } from './chip.js';

/** The filters of the address, each to be edited and removed, and a new one. */
export function Chips({ search, onChange }: { readonly search: Search; readonly onChange: (next: Search) => void }) {
  return (
    <div className="executions-chips" role="group" aria-label="Filters">
      {chipsOf(search).map((chip) => (
        <ChipMark
          key={`${chip.name}=${chip.values.join()}`}
          chip={chip}
          onChange={(name, values) => onChange(withChip(search, name, values, chip))}
          onRemove={() => onChange(withoutChip(search, chip))}
        />
      ))}
      <NewChip onAdd={(name, values) => onChange(withChip(search, name, values))} />
    </div>
  );
}
