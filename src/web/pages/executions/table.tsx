import { useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import { Failed, Loading } from '../../shared/failed.js';
import { widthOf, type ColumnName } from './columns.js';
import { Head } from './head.js';
import { Row } from './row.js';
import type { Sort } from './sorts.js';
import { useKeys } from '../../shared/keys.js';
import type { Rows } from './use-rows.js';
import { isSelected, type Selection } from './use-selection.js';

/** The height of every row, which executions.css sets: rows that are not drawn take their room by it. */
const ROW_PX = 52;
const HEAD_PX = 36;
const CHECK_PX = 44;
/** The least room of the columns without a width of their own, or they would vanish on a phone. */
const REST_PX = 110;
/** Rows that are drawn above and below what is seen, and how close to the end the next page is read. */
const OVERSCAN = 10;
const BEFORE_END = 30;

/** How far each list was scrolled, for whoever comes back to it: the virtual rows start there, and the router comes too late. */
const offsets = new Map<string, number>();

interface Props {
  /** Which list it is: another begins at its top. */
  readonly of: string;
  readonly rows: Rows;
  readonly columns: readonly ColumnName[];
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly selection: Selection;
  readonly scroller: RefObject<HTMLDivElement | null>;
}

/** The rows, of which only those are drawn that are seen; the next page is read before its rows are. */
export function Table({
  of,
  rows: { pages, rows, now, head, catchUp },
  columns,
  sort,
  onSort,
  selection,
  scroller,
}: Props) {
  const { rows: all, at } = rows;
  const navigate = useNavigate();
  const [active, activate] = useState<string>();
  const virtual = useVirtualizer({
    count: all.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    scrollPaddingStart: HEAD_PX,
    initialRect: { width: 0, height: 800 },
    initialOffset: () => offsets.get(of) ?? 0,
    onChange: ({ scrollOffset }) => void offsets.set(of, scrollOffset ?? 0),
  });
  const before = useRef(of);
  useEffect(() => {
    if (before.current !== of) virtual.scrollToOffset(0);
    before.current = of;
  }, [of, virtual]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { hasNextPage, isFetching, isError, fetchNextPage } = pages;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError && last >= all.length - BEFORE_END) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage, last, all.length]);

  // Rows of a visit before: what happened to them meanwhile was heard by nobody. Each is asked for when it is first drawn.
  const [unheard] = useState(() => new Set(at.keys()));
  useEffect(() => {
    const ids = items.map(({ index }) => all[index]!.execution_id).filter((id) => unheard.delete(id));
    if (ids.length > 0) void catchUp(ids);
  });

  const go = useCallback(
    (index: number) => {
      const id = all[index]?.execution_id;
      if (id === undefined) return;
      activate(id);
      virtual.scrollToIndex(index);
    },
    [all, virtual],
  );
  useFocusOn(active, scroller);
  const place = active === undefined ? -1 : (at.get(active) ?? -1);
  const toggleActive = (isRange: boolean) => () => active !== undefined && selection.toggle(active, isRange);
  useKeys({
    j: () => go(Math.min(place + 1, all.length - 1)),
    k: () => go(Math.max(place - 1, 0)),
    x: toggleActive(false),
    X: toggleActive(true),
    Enter: ({ target }) => {
      if (active !== undefined && !isAnswered(target)) void navigate({ to: '/executions/$id', params: { id: active } });
    },
  });

  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const width = CHECK_PX + columns.reduce((sum, name) => sum + (widthOf(name, columns) ?? REST_PX), 0);
  const { selected } = selection;
  const total = head?.total_is_exact === true ? head.total! + 1 : -1;
  return (
    <div ref={scroller} className="executions-scroll" role="region" aria-label="Executions" tabIndex={0}>
      <table
        className="executions-table"
        style={{ minWidth: width }}
        aria-rowcount={total}
        aria-busy={pages.isPlaceholderData}
      >
        <colgroup>
          <col style={{ width: CHECK_PX }} />
          {columns.map((name) => (
            <col key={name} style={{ width: widthOf(name, columns) }} />
          ))}
        </colgroup>
        <Head
          columns={columns}
          sort={sort}
          onSort={onSort}
          isAllSelected={selected === 'all' || (all.length > 0 && selected.size >= all.length)}
          isSomeSelected={selected === 'all' || selected.size > 0}
          onSelectHeld={selection.selectHeld}
          onClear={selection.clear}
        />
        <tbody>
          {above > 0 && <Gap height={above} />}
          {items.map(({ index }) => {
            const row = all[index]!;
            return (
              <Row
                key={row.execution_id}
                execution={now(row)}
                at={index + 1}
                columns={columns}
                isSelected={isSelected(selected, row.execution_id)}
                isActive={row.execution_id === active}
                toggle={selection.toggle}
                activate={activate}
              />
            );
          })}
          {below > 0 && <Gap height={below} />}
        </tbody>
      </table>
      {pages.isFetchNextPageError && <Failed error={pages.error!} retry={() => void fetchNextPage()} />}
      {(hasNextPage || pages.isPending) && !isError && <Loading rows={pages.isPending ? 12 : 2} />}
    </div>
  );
}

/** Whether Enter does something already where the focus is. */
const isAnswered = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('a, button') !== null;

/** The room of rows that are not drawn. */
const Gap = ({ height }: { readonly height: number }) => (
  <tr aria-hidden="true" className="executions-gap" style={{ height }} />
);

/** Has the keyboard follow the row that `j` and `k` came to, once it is drawn. */
function useFocusOn(active: string | undefined, scroller: RefObject<HTMLDivElement | null>): void {
  const wanted = useRef<string>(undefined);
  useEffect(() => void (wanted.current = active), [active]);
  useEffect(() => {
    if (wanted.current === undefined) return;
    const row = scroller.current?.querySelector(`[data-id="${CSS.escape(wanted.current)}"]`);
    if (!row) return;
    const target = row.querySelector<HTMLElement>('a') ?? row.querySelector<HTMLElement>('input');
    if (!row.contains(document.activeElement)) target?.focus({ preventScroll: true });
    wanted.current = undefined;
  });
}
