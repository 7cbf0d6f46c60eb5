import type { ConfigurationChange } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { type DataColumn, DataTable } from "../../kit/data-table.tsx";
import { Loaded } from "../../kit/loaded.tsx";
import { changesQuery } from "../queries.ts";

type ChangesProps = {
  readonly gateway: string;
  readonly version: number;
  readonly since: number;
};

/** What a version changes against another one. */
export function VersionChanges({ gateway, version, since }: ChangesProps) {
  const { http } = useParts();
  const query = useQuery(changesQuery(http, gateway, version, since));
  return (
    <Loaded query={query} lines={2}>
      {(changes) => <Changes version={version} since={since} changes={changes} />}
    </Loaded>
  );
}

type RowsProps = Pick<ChangesProps, "version" | "since"> & {
  readonly changes: readonly ConfigurationChange[];
};

function Changes({ version, since, changes }: RowsProps) {
  const { t } = useTranslation();
  if (changes.length === 0) return <p>{t("admin:changes.none", { version, since })}</p>;
  const columns: DataColumn<ConfigurationChange>[] = [
    { id: "path", head: t("admin:changes.path"), cell: ({ path }) => <code>{path}</code> },
    { id: "before", head: t("admin:changes.before"), cell: ({ before }) => written(before) },
    { id: "after", head: t("admin:changes.after"), cell: ({ after }) => written(after) },
  ];
  return (
    <DataTable
      caption={t("admin:changes", { version, since })}
      cards
      columns={columns}
      rows={changes}
      rowKey={({ path }) => path}
    />
  );
}

function written(value: unknown): string {
  return value === undefined ? "—" : String(value);
}
