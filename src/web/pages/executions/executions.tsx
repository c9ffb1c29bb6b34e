import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { Failed } from '../../shared/failed.js';
import { Chips } from './chips.js';
import { chosen, written } from './column-choice.js';
import { ColumnsMenu } from './columns-menu.js';
import { isColumn, USUAL, type ColumnName } from './columns.js';
import { Empty } from './empty.js';
import './executions.css';
import './menus.css';
import { ExportMenu } from './export-menu.js';
import type { Search } from '../../shared/search.js';
import { filterOf, queryOf, withoutFilters } from './filters.js';
import { SelectionBar } from './selection-bar.js';
import { sortName, sortOf, type Sort } from './sorts.js';
import { StateLine } from './state-line.js';
import { Table } from './table.js';
import { useIsNarrow } from './use-is-narrow.js';
import { useKeys } from '../../shared/keys.js';
import { useRows } from './use-rows.js';
import { useSelection } from './use-selection.js';
import { ViewsMenu } from './views-menu.js';

/** The list of executions. What it shows is its address: filters and order as the API takes them, and the columns. */
export default function Executions() {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const go = (next: Search): void => void navigate({ to: '/executions', search: next });
  const text = JSON.stringify(queryOf(search));
  const query = useMemo(() => JSON.parse(text) as Search, [text]);
  const [isPaused, setPaused] = useState(false);
  const rows = useRows(query, isPaused);
  const selection = useSelection(rows.rows, JSON.stringify(filterOf(query)));
  const scroller = useRef<HTMLDivElement>(null);
  const usual: readonly ColumnName[] = USUAL[useIsNarrow() ? 'narrow' : 'wide'];
  const columns = useMemo(() => chosen(search['columns'], isColumn, usual), [search, usual]);
  const sort = sortOf(search['sort']);
  const setSort = (next: Sort): void => go({ ...search, sort: sortName(next) });
  const setColumns = (next: readonly ColumnName[] | undefined): void =>
    go({ ...search, columns: next === undefined ? '' : written(next) });
  const showNewer = (): void => {
    rows.showNewer();
    scroller.current?.scrollTo({ top: 0 });
    scroller.current?.focus({ preventScroll: true });
  };
  useKeys({ p: () => setPaused(!isPaused), Escape: selection.clear });
  const { pages } = rows;
  const isEmpty = pages.data !== undefined && !pages.isPlaceholderData && rows.rows.rows.length === 0;
  return (
    <div className="page executions-page">
      <div className="row wide">
        <h1>Executions</h1>
        <div className="row executions-menus">
          <ColumnsMenu columns={columns} onChange={setColumns} />
          <ExportMenu query={query} columns={columns} />
          <ViewsMenu />
        </div>
      </div>
      <Chips search={search} onChange={go} />
      <StateLine rows={rows} sort={sort} isPaused={isPaused} onPause={setPaused} onNewer={showNewer} />
      <section className="sheet executions-sheet">
        {pages.isError && pages.data === undefined ? (
          <Failed error={pages.error} retry={() => void pages.refetch()} />
        ) : isEmpty ? (
          <Empty isFiltered={Object.keys(filterOf(query)).length > 0} onClear={() => go(withoutFilters(search))} />
        ) : (
          <Table
            of={text}
            rows={rows}
            columns={columns}
            sort={sort}
            onSort={setSort}
            selection={selection}
            scroller={scroller}
          />
        )}
        <SelectionBar rows={rows} query={query} selection={selection} />
      </section>
    </div>
  );
}
