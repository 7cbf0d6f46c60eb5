import { useTranslation } from "react-i18next";
import { DataTable } from "../data-table.tsx";
import { missing } from "../format.ts";
import { offsetLabel } from "../plant-time.ts";
import { useDuration, useFormat } from "../use-format.ts";
import { type ChartSpec, leftFirst, type Means, type SeriesSpec } from "./spec.ts";
import { type TableRow, tableRows } from "./table-rows.ts";

type ValueTableProps = Means & {
  readonly title: string;
  readonly spec: ChartSpec;
};

/** The means of a picture with their extremes, and its gaps, as a table. */
export function ValueTable({ title, spec, columns, everyMs }: ValueTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const duration = useDuration();
  const { zone } = spec;
  const offsetAt = (at: number) => offsetLabel(zone, at);
  // On a day that changes its clock each row says its own.
  const isSteady = offsetAt(spec.from) === offsetAt(spec.to - 1);
  const time = (at: number) =>
    isSteady ? format.dateTime(zone, at) : `${format.dateTime(zone, at)} ${offsetAt(at)}`;
  const shared = { offset: isSteady ? offsetAt(spec.from) : zone };
  const column = (id: string, head: string, series: SeriesSpec, place: number) => ({
    id,
    head,
    align: "end" as const,
    cell: (row: TableRow) =>
      "gap" in row ? missing : valueText(series, columns.values[place]?.[row.index]),
  });
  return (
    <DataTable
      caption={title}
      rows={tableRows(columns, spec.gaps)}
      rowKey={(row) => ("gap" in row ? `gap ${row.gap.from}` : String(row.at))}
      columns={[
        {
          id: "at",
          head: everyMs
            ? t("kit:chart.timeOfMeans", { ...shared, every: duration(everyMs) })
            : t("kit:chart.time", shared),
          cell: (row) => ("gap" in row ? row.gap.reason : time(row.at)),
        },
        ...leftFirst(spec.series).flatMap(({ series, index }) => {
          const { key, label, band = series.extremes } = series;
          const mean = column(key, label, series, index);
          if (!band) return [mean];
          return [
            mean,
            column(`${key}-min`, t("kit:chart.least", { label }), series, band.min),
            column(`${key}-max`, t("kit:chart.most", { label }), series, band.max),
          ];
        }),
      ]}
    />
  );
}

/** A value of a series as it is written beside its name. */
export function valueText(series: SeriesSpec, value: number | null | undefined): string {
  return value === null || value === undefined ? missing : series.write(value);
}
