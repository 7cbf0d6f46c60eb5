import type { ConfigurationChange } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { type DataColumn, DataTable } from "../../kit/data-table.tsx";
import { ErrorTile } from "../../kit/error-tile.tsx";
import { changesQuery } from "../queries.ts";

type ChangesProps = {
  readonly gateway: string;
  readonly version: number;
  readonly since: number;
};

/** What a version changes against another one. */
export function VersionChanges({ gateway, version, since }: ChangesProps) {
  const { t } = useTranslation();
  const { http } = useParts();
  const { data, error, refetch } = useQuery(changesQuery(http, gateway, version, since));
  if (error) return <ErrorTile error={error} retry={() => void refetch()} />;
  if (!data) return <p role="status">{t("kit:loading")}</p>;
  if (data.length === 0) return <p>{t("admin:changes.none", { version, since })}</p>;
  const columns: DataColumn<ConfigurationChange>[] = [
    { id: "path", head: t("admin:changes.path"), cell: ({ path }) => <code>{path}</code> },
    { id: "before", head: t("admin:changes.before"), cell: ({ before }) => written(before) },
    { id: "after", head: t("admin:changes.after"), cell: ({ after }) => written(after) },
  ];
  return (
    <DataTable
      caption={t("admin:changes", { version, since })}
      columns={columns}
      rows={data}
      rowKey={({ path }) => path}
    />
  );
}

function written(value: unknown): string {
  return value === undefined ? "—" : String(value);
}
