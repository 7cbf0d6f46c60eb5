import { resolve } from "node:path";
import { ConfigError } from "@sunledger/runtime";
import type { Scenario } from "../scenario/scenario.ts";
import type { Replayed } from "../scenario/simulated-device.ts";
import { columnsOfFile, framesOfFile } from "./read-file.ts";
import { loadReplayMap } from "./replay-map.ts";
import { type Trace, type TraceColumn, traceOf } from "./trace.ts";

/** Told once of a file that has rows which cannot be read. */
export type TellBadRows = (file: string, rows: number) => void;

/** The columns of a file by device and point. */
type Recording = ReadonlyMap<string, ReadonlyMap<string, TraceColumn>>;

/**
 * The traces that devices of a scenario replay, by `plant/TAG`; their files are looked for from the scenario's
 * folder on. Throws a `ConfigError` for a file that cannot be used or does not know the device.
 */
export async function loadTraces(
  { plants }: Scenario,
  folder: string,
  tellBadRows: TellBadRows,
): Promise<ReadonlyMap<string, Trace>> {
  const recordings = new Map<string, Promise<Recording>>();
  const recordingOf = ({ file, map }: Replayed) => {
    const paths = { file: resolve(folder, file), map: resolve(folder, map) };
    const key = JSON.stringify(paths);
    const known = recordings.get(key) ?? recording(paths, tellBadRows);
    recordings.set(key, known);
    return known;
  };

  const traces = new Map<string, Trace>();
  for (const { code, devices } of plants) {
    for (const device of devices) {
      if (!("replays" in device) || !device.replays) continue;
      const recorded = await recordingOf(device.replays);
      const wanted = device.replays.device ?? device.tag;
      const columns = recorded.get(wanted);
      if (!columns) {
        const known = [...recorded.keys()].sort().join(", ");
        throw new ConfigError(`${device.replays.file} has no device ${wanted}, only ${known}`);
      }
      traces.set(`${code}/${device.tag}`, traceOf(columns, device.replays));
    }
  }
  return traces;
}

async function recording(
  { file, map: mapFile }: { readonly file: string; readonly map: string },
  tellBadRows: TellBadRows,
): Promise<Recording> {
  const map = await loadReplayMap(mapFile, (read) => columnsOfFile(file, read));
  const devices = new Map<string, Map<string, Row[]>>();
  let bad = 0;
  const complain = () => {
    bad += 1;
  };
  for await (const { frame } of framesOfFile(file, map, complain)) {
    const points = devices.get(frame.device) ?? new Map<string, Row[]>();
    devices.set(frame.device, points);
    frame.layout.points.forEach((point, place) => {
      const row = { at: frame.at, value: shownOf(frame.values[place] ?? null) };
      const rows = points.get(point);
      if (rows) rows.push(row);
      else points.set(point, [row]);
    });
  }
  if (bad > 0) tellBadRows(file, bad);
  return new Map([...devices].map(([device, points]) => [device, columnsOf(points)]));
}

type Row = { readonly at: number; readonly value: number | null };

/** A register holds numbers: a counter with more digits than a number has loses the last of them. */
function shownOf(value: number | string | null): number | null {
  return typeof value === "string" ? Number(value) : value;
}

function columnsOf(points: ReadonlyMap<string, readonly Row[]>): Map<string, TraceColumn> {
  return new Map(
    [...points].map(([point, rows]) => {
      const ordered = rows.toSorted((a, b) => a.at - b.at);
      return [
        point,
        { at: ordered.map(({ at }) => at), values: ordered.map(({ value }) => value) },
      ];
    }),
  );
}
