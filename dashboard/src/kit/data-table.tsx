import {
  columnVisibilityFeature,
  createSortedRowModel,
  type Row as ModelRow,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { type KeyboardEvent, lazy, type ReactNode, Suspense, useMemo, useRef } from "react";
import styles from "./data-table.module.css";
import type { Measured } from "./long-body.tsx";

export type DataColumn<Row> = {
  readonly id: string;
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  /** What it is sorted by; absent: it cannot be sorted. */
  readonly sortBy?: (row: Row) => number | string | null;
  /** The first press sorts downwards. */
  readonly largestFirst?: boolean;
  readonly align?: "end";
  readonly width?: string;
  readonly hidden?: boolean;
};

export type Sort = { readonly by: string; readonly down: boolean };

type DataTableProps<Row> = {
  readonly caption: string;
  readonly columns: readonly DataColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly sort?: Sort | undefined;
  readonly onSort?: (sort: Sort | undefined) => void;
  /** Pressing a row or Enter on it opens it; a link in the row says where to. */
  readonly onOpen?: (row: Row) => void;
  /** A heading over neighbouring rows, while nothing is sorted. */
  readonly groupOf?: (row: Row) => string;
  /** Rows that stay on top, however the table is sorted. */
  readonly isPinned?: (row: Row) => boolean;
  readonly rowState?: (row: Row) => string | undefined;
  /** On a phone each row is a card, its values under the names of their columns. */
  readonly cards?: boolean;
  /** On a phone it is as long as its rows, and the page scrolls; it has to be as narrow as a phone there. */
  readonly flows?: boolean;
};

const features = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  sortedRowModel: createSortedRowModel(),
});

type Item<Row> =
  | { readonly group: string }
  | { readonly row: ModelRow<typeof features, Row & object>; readonly index: number };

/** From here on only what is seen is drawn. */
const longTable = 60;
const LongBody = lazy(async () => ({ default: (await import("./long-body.tsx")).LongBody }));

/** A table that sorts, groups and stays fast with thousands of rows. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { caption, columns, rows, rowKey, sort, onSort, groupOf, isPinned, cards, flows } = props;
  const frame = useRef<HTMLDivElement>(null);
  const table = useTable({
    features,
    columns: useMemo(() => modelColumns(columns), [columns]),
    data: rows as Row[],
    getRowId: rowKey,
    state: {
      sorting: sort ? [{ id: sort.by, desc: sort.down }] : noSorting,
      columnVisibility: useMemo(() => visibility(columns), [columns]),
    },
    enableSortingRemoval: true,
  });
  const shown = columns.filter((column) => !column.hidden);
  const sorted = pinnedFirst(table.getRowModel().rows, isPinned);
  const items = itemsOf(sorted, sort ? undefined : groupOf);
  const line = (index: number, measured?: Measured) => {
    const item = items[index];
    if (!item) return null;
    if ("group" in item) {
      const { group } = item;
      return <Group key={group} name={group} span={shown.length} measured={measured} />;
    }
    return <Line key={item.row.id} {...props} columns={shown} item={item} measured={measured} />;
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: what scrolls is no landmark
    <div
      ref={frame}
      className={styles.frame}
      data-cards={cards}
      data-flows={flows}
      role="group"
      aria-label={caption}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
      tabIndex={0}
    >
      <table className={styles.table} aria-rowcount={rows.length + 1}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {shown.map((column) => (
              <Head key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {items.length <= longTable ? (
            items.map((_, index) => line(index))
          ) : (
            <Suspense>
              <LongBody frame={frame} count={items.length} columns={shown.length} line={line} />
            </Suspense>
          )}
        </tbody>
      </table>
    </div>
  );
}

type HeadProps<Row> = {
  readonly column: DataColumn<Row>;
  readonly sort: Sort | undefined;
  readonly onSort: ((sort: Sort | undefined) => void) | undefined;
};

function Head<Row>({ column, sort, onSort }: HeadProps<Row>) {
  const sorted = sort?.by === column.id ? (sort.down ? "descending" : "ascending") : undefined;
  const style = column.width ? { width: column.width } : undefined;
  if (!column.sortBy || !onSort) {
    return (
      <th scope="col" data-column={column.id} data-align={column.align} style={style}>
        {column.head}
      </th>
    );
  }
  return (
    <th
      scope="col"
      data-column={column.id}
      data-align={column.align}
      style={style}
      aria-sort={sorted ?? "none"}
    >
      <button type="button" onClick={() => onSort(nextSort(column, sort))}>
        {column.head}
        <span aria-hidden="true" className={styles.arrow} data-align={column.align}>
          {sorted === "ascending" ? "↑" : sorted === "descending" ? "↓" : ""}
        </span>
      </button>
    </th>
  );
}

type LineProps<Row> = DataTableProps<Row> & {
  readonly item: { readonly row: { readonly original: Row }; readonly index: number };
  readonly measured: Measured | undefined;
};

function Line<Row>({ columns, item, measured, onOpen, rowState, cards }: LineProps<Row>) {
  const row = item.row.original;
  const open = onOpen && {
    onClick: (event: { target: EventTarget }) => {
      // A link or button in the row does its own work.
      if (!(event.target as HTMLElement).closest("a, button, input")) onOpen(row);
    },
    onKeyDown: (event: KeyboardEvent<HTMLTableRowElement>) => {
      if (event.key === "Enter" && event.target === event.currentTarget) onOpen(row);
      moveFocus(event);
    },
    tabIndex: 0,
    "data-opens": true,
  };
  return (
    <tr aria-rowindex={item.index + 2} data-state={rowState?.(row)} {...measured} {...open}>
      {columns.map((column) => (
        <td
          key={column.id}
          data-column={column.id}
          data-align={column.align}
          data-head={cards && column.head}
        >
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

type GroupProps = {
  readonly name: string;
  readonly span: number;
  readonly measured: Measured | undefined;
};

function Group({ name, span, measured }: GroupProps) {
  return (
    <tr className={styles.group} {...measured}>
      <th scope="rowgroup" colSpan={span}>
        {name}
      </th>
    </tr>
  );
}

const noSorting: SortingState = [];

function modelColumns<Row extends object>(columns: readonly DataColumn<Row>[]) {
  return columns.map((column) => ({
    id: column.id,
    accessorFn: (row: Row) => column.sortBy?.(row) ?? null,
    // Rows without a value come last in both directions.
    sortUndefined: "last" as const,
    sortFn: (a: { original: Row }, b: { original: Row }) =>
      compare(column.sortBy?.(a.original) ?? null, column.sortBy?.(b.original) ?? null),
  }));
}

function visibility<Row>(columns: readonly DataColumn<Row>[]): Record<string, boolean> {
  return Object.fromEntries(columns.map(({ id, hidden }) => [id, !hidden]));
}

function compare(a: number | string | null, b: number | string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), undefined, { numeric: true });
}

/** Pressed again the other way round, pressed a third time not sorted. */
function nextSort<Row>(column: DataColumn<Row>, sort: Sort | undefined): Sort | undefined {
  const first = column.largestFirst ?? false;
  if (sort?.by !== column.id) return { by: column.id, down: first };
  return sort.down === first ? { by: column.id, down: !first } : undefined;
}

type Drawn<Row extends object> = ModelRow<typeof features, Row>;

function pinnedFirst<Row extends object>(
  rows: readonly Drawn<Row>[],
  isPinned: ((row: Row) => boolean) | undefined,
): readonly Drawn<Row>[] {
  if (!isPinned) return rows;
  const on = (pinned: boolean) => rows.filter(({ original }) => isPinned(original) === pinned);
  return [...on(true), ...on(false)];
}

function itemsOf<Row extends object>(
  rows: readonly Drawn<Row>[],
  groupOf: ((row: Row) => string) | undefined,
): Item<Row>[] {
  const items: Item<Row>[] = [];
  let group: string | undefined;
  rows.forEach((row, index) => {
    const next = groupOf?.(row.original);
    if (next !== undefined && next !== group) items.push({ group: next });
    group = next;
    items.push({ row, index } as Item<Row>);
  });
  return items;
}

function moveFocus(event: KeyboardEvent<HTMLTableRowElement>) {
  const step =
    event.key === "ArrowDown"
      ? "nextElementSibling"
      : event.key === "ArrowUp"
        ? "previousElementSibling"
        : undefined;
  if (!step || event.target !== event.currentTarget) return;
  const next = event.currentTarget[step];
  if (next instanceof HTMLElement) {
    event.preventDefault();
    next.focus();
  }
}
