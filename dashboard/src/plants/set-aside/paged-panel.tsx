import { type UseQueryOptions, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorTile } from "../../kit/error-tile.tsx";
import { Panel } from "../../kit/panel.tsx";
import { Skeleton } from "../../kit/skeleton.tsx";
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
  const { t } = useTranslation();
  const [page, setPage] = useState(0);
  const { data, error, refetch, isPlaceholderData } = useQuery(query(page));
  return (
    <Panel
      title={title}
      busy={isPlaceholderData}
      extra={data && <Pager page={page} more={data.more} onPage={setPage} />}
    >
      {data ? (
        children(data.items)
      ) : error ? (
        <ErrorTile error={error} retry={() => void refetch()} />
      ) : (
        <Skeleton label={t("kit:loading")} lines={4} />
      )}
    </Panel>
  );
}
