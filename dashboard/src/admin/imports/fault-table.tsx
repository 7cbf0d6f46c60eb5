import type { ImportFault } from "@sunledger/model";
import { useTranslation } from "react-i18next";
import { type DataColumn, DataTable } from "../../kit/data-table.tsx";
import styles from "./imports.module.css";

/** Every fault of a list, with its line and its reason. */
export function FaultTable({ faults }: { readonly faults: readonly ImportFault[] }) {
  const { t } = useTranslation();
  const columns: DataColumn<ImportFault>[] = [
    { id: "line", head: t("imports:line"), cell: ({ line }) => line },
    {
      id: "column",
      head: t("imports:column"),
      cell: ({ column }) => (column === undefined ? "—" : t(`imports:column.${column}`)),
    },
    {
      id: "found",
      head: t("imports:found"),
      cell: ({ found }) => <span className={styles.found}>{found ?? t("imports:empty")}</span>,
    },
    {
      id: "reason",
      head: t("imports:reason"),
      cell: ({ code, other = 0 }) => t(`imports:fault.${code}`, { other }),
    },
  ];
  return (
    <DataTable
      caption={t("imports:faults")}
      cards
      columns={columns}
      rows={faults}
      rowKey={({ line, column, code, found }) => `${line} ${column} ${code} ${found}`}
    />
  );
}
