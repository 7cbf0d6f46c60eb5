import { type UseQueryOptions, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Loaded } from "../../kit/loaded.tsx";
import { Panel } from "../../kit/panel.tsx";
import { Pager } from "./pager.tsx";

/** As its schema gives it. */
type Page<Item> = { items: Item[]; more: boolean };

type PagedPanelProps<Item, Key extends readonly unknown[]> = {
  readonly title: string;
  /** Asks for a page, from 0, the newest. */
  readonly query: (page: number) => UseQueryOptions<Page<Item>, Error, Page<Item>, Key>;
  readonly children: (items: readonly Item[]) => ReactNode;
};

/** A panel of what comes in pages; the page before stays while the next is on its way. */
export function PagedPanel<Item, Key extends readonly unknown[]>({
  title,
  query,
  children,
}: PagedPanelProps<Item, Key>) {
  const [page, setPage] = useState(0);
  const asked = useQuery(query(page));
  const { data, isPlaceholderData } = asked;
  return (
    <Panel
      title={title}
      busy={isPlaceholderData}
      extra={data && <Pager page={page} more={data.more} onPage={setPage} />}
    >
      <Loaded query={asked} lines={4}>
        {(data) => children(data.items)}
      </Loaded>
    </Panel>
  );
}
