/** What the address of a plant's data set aside says: the page of each panel, from 1, the newest. */
export type SetAsideSearch = {
  readonly quarantine?: number | undefined;
  readonly conflicts?: number | undefined;
};

/** The server leafs no further. */
const lastPage = 2_000;

/** Says every key: the router keeps what the address gave for one that is left out. */
export function setAsideSearch({
  quarantine,
  conflicts,
}: Readonly<Record<string, unknown>>): SetAsideSearch {
  return { quarantine: pageOf(quarantine), conflicts: pageOf(conflicts) };
}

/** The first page needs no word. */
function pageOf(value: unknown): number | undefined {
  const isPage = typeof value === "number" && Number.isInteger(value);
  return isPage && value > 1 && value <= lastPage ? value : undefined;
}
