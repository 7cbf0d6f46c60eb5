/** What the address of the overview says. */
export type OverviewSearch = {
  readonly sort?: string | undefined;
  readonly up?: boolean | undefined;
};

/** Says every key: the router keeps what the address gave for one that is left out. */
export function overviewSearch(search: Record<string, unknown>): OverviewSearch {
  const { sort, up } = search;
  if (typeof sort !== "string" || sort === "") {
    return { sort: undefined, up: undefined };
  }
  return { sort, up: up === true ? up : undefined };
}
