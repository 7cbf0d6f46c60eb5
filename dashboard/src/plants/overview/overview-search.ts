/** What the address of the overview says. */
export type OverviewSearch = { readonly sort?: string; readonly up?: boolean };

export function overviewSearch(search: Record<string, unknown>): OverviewSearch {
  const { sort, up } = search;
  if (typeof sort !== "string" || sort === "") return {};
  return up === true ? { sort, up } : { sort };
}
