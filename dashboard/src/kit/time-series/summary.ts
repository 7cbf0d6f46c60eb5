import type { TFunction } from "i18next";
import { type Columns, extremesOf } from "./columns.ts";
import type { ChartSpec } from "./spec.ts";

/** More gaps than these are but counted: a sentence of spans is not listened to. */
const mostNamed = 3;

/** The picture in one sentence: least, most and newest of each series, and its gaps. */
export function summaryOf(
  title: string,
  { series, gaps }: ChartSpec,
  columns: Columns,
  t: TFunction,
): string {
  const said = series.map(({ label, write }, index) => {
    const extremes = extremesOf(columns.values[index]);
    if (!extremes) return t("kit:chart.summary.none", { label });
    const { least, most, last } = extremes;
    return t("kit:chart.summary.series", {
      ...{ label, least: write(least), most: write(most), last: write(last) },
    });
  });
  const named = gaps.length > 0 && gaps.length <= mostNamed;
  return t("kit:chart.summary", {
    title,
    series: said.join("; "),
    gaps: named
      ? gaps.map(({ reason }) => reason).join("; ")
      : t("kit:chart.summary.gaps", { count: gaps.length }),
  });
}
