import { misfitOf, type Scan, type ScannedDevice, type ScannedPoint } from "./scan-device.ts";
import type { SiteScan } from "./scan-hosts.ts";

/** A search over hosts and units as a table for people: what was found, then each device. */
export function siteText({ found, unknown, answering }: SiteScan): string {
  const devices = found.flatMap(({ url, devices }) => devices.map((device) => ({ url, device })));
  const rows = devices.map(({ url, device: { kind, profile, confidence, texts } }) => [
    url,
    kind,
    profile,
    `${confidence} %`,
    ["id.manufacturer", "id.model", "id.serial"].flatMap((name) => texts[name] ?? []).join(" "),
  ]);
  const others = unknown.map(({ url, reason }) => [url, reason]);
  const heading = `${countOf(answering, "host answers", "hosts answer")}, ${countOf(devices.length, "device", "devices")} found`;
  const overview = [heading, ...gap(rows), ...table(rows), ...gap(others), ...table(others)];
  return [`${overview.join("\n")}\n`, ...found.map(scanText)].join("\n");
}

/** A scan as a table for people. */
export function scanText(scan: Scan): string {
  const lines = [headOf(scan)];
  if (scan.sunspec?.remark !== undefined) lines.push(`note: ${scan.sunspec.remark}`);
  if (scan.alternatives.length > 0) {
    const others = scan.alternatives.map((one) => `${one.profile} ${one.confidence} %`);
    lines.push(`would fit as well: ${others.join(", ")} (choose with --profile)`);
  }
  for (const [i, device] of scan.devices.entries()) {
    const count = scan.devices.length > 1 ? ` ${i + 1} of ${scan.devices.length}` : "";
    const { kind, profile, confidence } = device;
    lines.push("", `device${count}: ${kind}, profile ${profile}, ${confidence} % sure`);
    const misfit = misfitOf(scan, device);
    if (misfit !== undefined) lines.push(misfit);
    if (device.mostConnections !== undefined) lines.push(fewConnections(device.mostConnections));
    lines.push(...linesOf(device));
  }
  return `${lines.join("\n")}\n`;
}

function countOf(count: number, one: string, more: string): string {
  return `${count} ${count === 1 ? one : more}`;
}

function headOf({ url, by, sunspec, devices }: Scan): string {
  if (sunspec) return `${url}: a SunSpec map at ${sunspec.base}`;
  return `${url}: ${devices[0]?.profile ?? "nothing known"}, by ${by}`;
}

/** Who else reads it would be refused, or would end the gateway's own connection. */
function fewConnections(most: number): string {
  const how = countOf(most, "connection", "connections");
  return `takes ${how}: while the gateway polls it others read it through a proxy`;
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
