import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { sunPosition } from "@sunledger/model/performance";
import { expect, test } from "vitest";
import { replayCommand } from "./replay.ts";

const practice = new URL("../../../../tests/data/pv/practice/", import.meta.url);

test("the example's place has the sun up while its trace generates, and its noon at noon", () => {
  let help = "";
  replayCommand()
    .configureOutput({ writeOut: (text) => (help += text) })
    .outputHelp();
  const [, zone, latitude, longitude] =
    /--zone (\S+) --position (-?[\d.]+),(-?[\d.]+)/.exec(help.split("Example:")[1] ?? "") ?? [];
  const place = { latitude: Number(latitude), longitude: Number(longitude) };

  const [plant] = JSON.parse(readFileSync(new URL("devices.json", practice), "utf8"));
  expect(zone).toBe(plant.tz);
  const rows = generating().map((at) => ({ at, ...sunPosition(at, place) }));
  expect(rows.length).toBeGreaterThan(500);
  // A little comes in the twilight already.
  expect(rows.filter(({ zenith }) => zenith > 93)).toEqual([]);
  const highest = Math.min(...rows.map(({ zenith }) => zenith));
  const atNoon = rows.filter(({ zenith }) => zenith < highest + 0.5);
  for (const { at } of atNoon) expect(Math.abs(hourOf(at) - 12)).toBeLessThan(1);
});

/** When the trace's plant gave out more than a tenth of a kilowatt from an inverter. */
function generating(): number[] {
  const csv = gunzipSync(readFileSync(new URL("inverter.csv.gz", practice))).toString();
  const [head = "", ...lines] = csv.trim().split("\n");
  const columns = head.split(",");
  const [ts, device, power] = ["ts", "device_id", "ac_power_kw"].map((name) =>
    columns.indexOf(name),
  );
  return lines
    .map((line) => line.split(","))
    .filter((row) => row[device ?? 0]?.startsWith("P1-") && Number(row[power ?? 0]) > 0.1)
    .map((row) => Date.parse(row[ts ?? 0] ?? ""));
}

/** The hour of the plant's own clock, UTC-6. */
function hourOf(at: number): number {
  return (at / 3_600_000 - 6) % 24;
}
