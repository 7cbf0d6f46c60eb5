import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ErrorTile } from "./error-tile.tsx";
import { Skeleton } from "./skeleton.tsx";

export type LoadedProps<T> = {
  readonly query: Pick<UseQueryResult<T>, "data" | "error" | "refetch">;
  /** How tall it will be, about. */
  readonly lines: number;
  readonly children: (data: T) => ReactNode;
};

/** What was asked for: its place until it is there, or why it did not come, with another try. */
export function Loaded<T>({ query: { data, error, refetch }, lines, children }: LoadedProps<T>) {
  const { t } = useTranslation();
  if (data !== undefined) return children(data);
  if (error) return <ErrorTile error={error} retry={() => void refetch()} />;
  return <Skeleton label={t("kit:loading")} lines={lines} />;
}
