import { useTranslation } from "react-i18next";
import { DataTable } from "../data-table.tsx";
import { missing } from "../format.ts";
import { useFormat } from "../use-format.ts";
import type { Columns } from "./columns.ts";
import type { ChartSpec, SeriesSpec } from "./spec.ts";
import { type TableRow, tableRows } from "./table-rows.ts";

type ValueTableProps = {
  readonly title: string;
  readonly spec: ChartSpec;
  readonly columns: Columns;
};

/** The values of a picture, and its gaps, as a table. */
export function ValueTable({ title, spec, columns }: ValueTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <DataTable
      caption={title}
      rows={tableRows(columns, spec.gaps)}
      rowKey={(row) => ("gap" in row ? `gap ${row.gap.from}` : String(row.at))}
      columns={[
        {
          id: "at",
          head: t("kit:chart.time"),
          cell: (row) => ("gap" in row ? row.gap.reason : format.dateTime(spec.zone, row.at)),
        },
        ...spec.series.map((series, place) => ({
          id: series.key,
          head: series.label,
          align: "end" as const,
          cell: (row: TableRow) =>
            "gap" in row ? missing : valueText(series, columns.values[place]?.[row.index]),
        })),
      ]}
    />
  );
}

/** A value of a series as it is written beside its name. */
export function valueText(series: SeriesSpec, value: number | null | undefined): string {
  return value === null || value === undefined ? missing : series.write(value);
}
