import type { Scan, ScannedDevice, ScannedPoint } from "./scan-device.ts";

/** A scan as a table for people. */
export function scanText(scan: Scan): string {
  const lines = [headOf(scan)];
  if (scan.sunspec?.remark !== undefined) lines.push(`note: ${scan.sunspec.remark}`);
  if (scan.alternatives.length > 0) {
    lines.push(`would fit as well: ${scan.alternatives.join(", ")} (choose with --profile)`);
  }
  for (const [i, device] of scan.devices.entries()) {
    const count = scan.devices.length > 1 ? ` ${i + 1} of ${scan.devices.length}` : "";
    lines.push("", `device${count}: ${device.kind}, profile ${device.profile}`, ...linesOf(device));
  }
  return `${lines.join("\n")}\n`;
}

function headOf({ url, by, sunspec, devices }: Scan): string {
  if (sunspec) return `${url}: a SunSpec map at ${sunspec.base}`;
  return `${url}: ${devices[0]?.profile ?? "nothing known"}, by ${by}`;
}

function linesOf({ texts, models, points, missing }: ScannedDevice): string[] {
  const identity = Object.entries(texts).map(([name, text]) => [name, text]);
  const map = (models ?? []).map(({ id, address, length, name }) => [
    `model ${id}`,
    `at ${address}, ${length} registers`,
    name ?? "unknown, skipped",
  ]);
  const lines = [...table(identity), ...gap(map), ...table(map), ...gap(points)];
  lines.push(...table(points.map(rowOf)));
  if (missing.length > 0) lines.push("", `not on this device: ${missing.join(", ")}`);
  return lines.map((line) => (line === "" ? line : `  ${line}`));
}

function rowOf({ point, value, unit, flag, label, source }: ScannedPoint): string[] {
  const shown = value === null ? "–" : `${value}${unit === "" ? "" : ` ${unit}`}`;
  return [point, shown, label ?? flag ?? "", source ?? ""];
}

function gap(rows: readonly unknown[]): string[] {
  return rows.length > 0 ? [""] : [];
}

/** Columns as wide as their widest cell. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
