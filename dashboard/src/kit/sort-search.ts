import type { DataColumn, Sort } from "./data-table.tsx";

/** How the address says what a table is sorted by: downwards unless `up`. */
export type SortSearch = {
  readonly sort?: string | undefined;
  readonly up?: boolean | undefined;
};

/** Says every key: the router keeps what the address gave for one that is left out. */
export function sortSearch({ sort, up }: Record<string, unknown>): SortSearch {
  if (typeof sort !== "string" || sort === "") return { sort: undefined, up: undefined };
  return { sort, up: up === true ? up : undefined };
}

/** What the address asks for; `undefined` when the table cannot be sorted by that. */
export function sortAsked<Row>(
  { sort, up }: SortSearch,
  columns: readonly DataColumn<Row>[],
): Sort | undefined {
  const column = columns.find(({ id }) => id === sort);
  return column?.sortBy && !column.hidden ? { by: column.id, down: !up } : undefined;
}

/** The address after a head was pressed: the rest of it stays. */
export function sortedSearch<Search extends SortSearch>(
  { sort: _sort, up: _up, ...rest }: Search,
  next: Sort | undefined,
): Omit<Search, keyof SortSearch> & SortSearch {
  return next ? { ...rest, sort: next.by, ...(next.down ? {} : { up: true }) } : rest;
}
