import type { PointValue } from "@sunledger/store";

/** One value as it leaves the house. */
export type ExportRow = {
  readonly device: string;
  readonly point: string;
  readonly time: string;
  readonly value: number | string | null;
  readonly quality: string;
};

export const exportFormats = ["jsonl", "csv", "parquet"] as const;
export type ExportFormat = (typeof exportFormats)[number];

const columns = ["device", "point", "time", "value", "quality"] as const;

export function exportRow({ point, at, value, flag }: PointValue, device: string): ExportRow {
  return { device, point, time: new Date(at).toISOString(), value, quality: flag ?? "good" };
}

/** Those that are lines of text. */
export type LineFormat = Exclude<ExportFormat, "parquet">;

/** The rows as text, line by line; CSV begins with the names of its columns. */
export async function* exportLines(
  rows: AsyncIterable<ExportRow>,
  format: LineFormat,
): AsyncIterable<string> {
  if (format === "csv") yield `${columns.join(",")}\n`;
  for await (const row of rows) {
    yield format === "csv"
      ? `${columns.map((column) => cell(row[column])).join(",")}\n`
      : `${JSON.stringify(row)}\n`;
  }
}

/** RFC 4180: quoted where it must be; a missing value is an empty cell. */
function cell(value: string | number | null): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
