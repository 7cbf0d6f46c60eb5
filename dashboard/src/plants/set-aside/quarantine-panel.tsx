import type { QuarantineEntry } from "@sunledger/model";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { type DataColumn, DataTable } from "../../kit/data-table.tsx";
import { EmptyState } from "../../kit/empty-state.tsx";
import { InEnglish } from "../../kit/in-english.tsx";
import { useFormat } from "../../kit/use-format.ts";
import { PagedPanel } from "./paged-panel.tsx";
import { quarantineQuery } from "./queries.ts";
import styles from "./set-aside.module.css";

type PanelProps = { readonly plant: string; readonly zone: string };

/** Rows that could not be used, by reason. */
export function QuarantinePanel({ plant, zone }: PanelProps) {
  const { t } = useTranslation();
  const { http } = useParts();
  return (
    <PagedPanel
      title={t("aside:quarantine")}
      name="quarantine"
      query={(page) => quarantineQuery(http, plant, page)}
    >
      {(rows) => <Rows rows={rows} zone={zone} />}
    </PagedPanel>
  );
}

type RowsProps = { readonly rows: readonly QuarantineEntry[]; readonly zone: string };

function Rows({ rows, zone }: RowsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  if (rows.length === 0) {
    return <EmptyState title={t("aside:quarantine.none")} why={t("aside:quarantine.noneWhy")} />;
  }
  const columns: DataColumn<QuarantineEntry>[] = [
    {
      id: "reason",
      head: t("aside:reason"),
      cell: ({ code, reason }) => (
        <>
          {t(`aside:code.${code}`)}
          <InEnglish>{reason}</InEnglish>
        </>
      ),
    },
    { id: "topic", head: t("aside:topic"), cell: ({ topic }) => topic },
    {
      id: "count",
      head: t("aside:count"),
      align: "end",
      cell: ({ count }) => format.count(count),
    },
    {
      id: "first",
      head: t("aside:first"),
      cell: ({ firstAt }) => format.dateTime(zone, firstAt),
    },
    { id: "last", head: t("aside:last"), cell: ({ lastAt }) => format.dateTime(zone, lastAt) },
    {
      id: "payload",
      head: t("aside:payload"),
      cell: ({ excerpt }) => <code className={styles.excerpt}>{excerpt}</code>,
    },
  ];
  return (
    <DataTable
      caption={t("aside:quarantine")}
      columns={columns}
      rows={rows}
      rowKey={({ topic, lane, code, reason }) => `${topic} ${lane} ${code} ${reason}`}
    />
  );
}
