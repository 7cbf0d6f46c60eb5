import { type UseQueryOptions, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Loaded } from "../../kit/loaded.tsx";
import { Panel } from "../../kit/panel.tsx";
import { Pager } from "./pager.tsx";
import type { SetAsideSearch } from "./set-aside-search.ts";

/** As its schema gives it. */
type Page<Item> = { items: Item[]; more: boolean };

type PagedPanelProps<Item, Key extends readonly unknown[]> = {
  readonly title: string;
  /** What the address calls it by. */
  readonly name: keyof SetAsideSearch;
  /** Asks for a page, from 0, the newest. */
  readonly query: (page: number) => UseQueryOptions<Page<Item>, Error, Page<Item>, Key>;
  readonly children: (items: readonly Item[]) => ReactNode;
};

/** A panel of what comes in pages; the page before stays while the next is on its way. */
export function PagedPanel<Item, Key extends readonly unknown[]>({
  title,
  name,
  query,
  children,
}: PagedPanelProps<Item, Key>) {
  const { [name]: shown = 1 } = useSearch({ from: "/shell/plants/$plant/set-aside" });
  const navigate = useNavigate({ from: "/plants/$plant/set-aside" });
  const page = shown - 1;
  const asked = useQuery(query(page));
  const { data, isPlaceholderData } = asked;
  const turnTo = (next: number) =>
    void navigate({
      search: (before) => ({ ...before, [name]: next === 0 ? undefined : next + 1 }),
    });
  return (
    <Panel
      title={title}
      busy={isPlaceholderData}
      extra={data && <Pager page={page} more={data.more} onPage={turnTo} />}
    >
      <Loaded query={asked} lines={4}>
        {(data) => children(data.items)}
      </Loaded>
    </Panel>
  );
}
