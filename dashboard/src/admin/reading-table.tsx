import type { DeviceReading } from "@sunledger/model";
import { useTranslation } from "react-i18next";
import { type DataColumn, DataTable } from "../kit/data-table.tsx";
import { Value } from "../kit/value.tsx";
import { usePointLabel } from "../points/point-label.ts";
import { useWriteValue } from "../points/write-value.ts";
import styles from "./admin.module.css";

type Row = DeviceReading["points"][number];

/** What a device answered when it was read once. */
export function ReadingTable({ reading }: { readonly reading: DeviceReading }) {
  const { t } = useTranslation();
  const label = usePointLabel();
  const write = useWriteValue();
  const columns: DataColumn<Row>[] = [
    { id: "name", head: t("admin:reading.point"), cell: ({ point }) => label(point) },
    {
      id: "value",
      head: t("admin:reading.value"),
      align: "end",
      cell: ({ value, unit, flag, label: word }) =>
        word ?? <Value written={write(value, unit)} state="live" flag={flag} />,
    },
    {
      id: "words",
      head: t("admin:reading.words"),
      cell: ({ words = [] }) => <code className={styles.words}>{words.map(hexOf).join(" ")}</code>,
    },
    {
      id: "source",
      head: t("admin:reading.source"),
      cell: ({ source, point }) => <span className={styles.words}>{source ?? point}</span>,
    },
  ];
  return (
    <DataTable
      caption={t("admin:reading")}
      cards
      columns={columns}
      rows={reading.points}
      rowKey={({ point }) => point}
    />
  );
}

/** A register as documents and line traces write it. */
function hexOf(word: number): string {
  return word.toString(16).toUpperCase().padStart(4, "0");
}
