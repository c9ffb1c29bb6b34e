import { useState } from 'react';
import { Button } from 'react-aria-components';
import { whole } from '../../shared/format.js';
import { useMay } from '../../shared/session.js';
import { BulkDialog } from './bulk-dialog.js';
import type { BulkRequest } from './bulk.js';
import type { Search } from '../../shared/search.js';
import { filterOf } from './filters.js';
import type { BulkVerb } from './tally.js';
import type { Rows } from './use-rows.js';
import type { Selection } from './use-selection.js';

interface Props {
  readonly rows: Rows;
  readonly query: Search;
  readonly selection: Selection;
}

/** What of the selection can be resumed and cancelled, as far as the rows tell; the ledger decides. */
function abilities({ rows, now }: Rows, { selected }: Selection): string {
  if (selected === 'all') return 'with those that are not loaded';
  const chosen = [...selected].flatMap((id) => {
    const index = rows.at.get(id);
    return index === undefined ? [] : [now(rows.rows[index]!)];
  });
  const count = (flag: 'resumable' | 'cancellable'): string => whole(chosen.filter((each) => each[flag]).length);
  return `${count('resumable')} can be resumed, ${count('cancellable')} can be cancelled`;
}

/** What is selected, and what can be done with it. */
export function SelectionBar({ rows, query, selection }: Props) {
  const { selected, selectAll, clear } = selection;
  const [asked, ask] = useState<BulkRequest>();
  const mayCommand = useMay('command');
  const total = rows.head?.total;
  const count = selected === 'all' ? (total ?? 0) : selected.size;
  const isFiltered = Object.keys(filterOf(query)).length > 0;
  const why = !mayCommand
    ? 'Your key lacks the scope command, which a cancel or a resume needs.'
    : selected === 'all' && !isFiltered
      ? 'All executions there are cannot be commanded at once: add a filter.'
      : undefined;
  const canAskForAll = selected !== 'all' && total !== undefined && total > selected.size;
  const act = (verb: BulkVerb) => () => ask({ verb, selected, query });
  if (selected !== 'all' && selected.size === 0 && asked === undefined) return null;
  return (
    <div className="executions-bar" role="region" aria-label="Selection">
      <b>
        {whole(count)}
        {selected === 'all' && rows.head?.total_is_exact === false && '+'} selected
      </b>
      <span className="small">{abilities(rows, selection)}</span>
      {canAskForAll && (
        <Button className="button quiet" onPress={selectAll}>
          Select all {whole(total)}
          {rows.head?.total_is_exact === false && '+'} that match
        </Button>
      )}
      {why !== undefined && <span className="small executions-late">{why}</span>}
      <span className="row executions-acts">
        <Button className="button quiet" onPress={clear}>
          Clear
        </Button>
        <Button className="button danger" isDisabled={why !== undefined} onPress={act('cancel')}>
          Cancel …
        </Button>
        <Button className="button main" isDisabled={why !== undefined} onPress={act('resume')}>
          Resume …
        </Button>
      </span>
      {asked !== undefined && <BulkDialog asked={asked} onClose={() => ask(undefined)} />}
    </div>
  );
}
