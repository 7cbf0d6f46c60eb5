import type { Scope } from "@sunledger/runtime";
import type { FrameSender } from "../sender/frame-sender.ts";
import type { Pace } from "./pace.ts";
import { framesOfFile } from "./read-file.ts";
import type { ReplayMap } from "./replay-map.ts";

/** What has become of a file. */
export type ReplayReport = {
  readonly frames: number;
  /** Faults of the file, each reported with its line. */
  readonly faults: number;
};

/** After so many faults only their number is told. */
const mostTold = 50;

/** Sends a file as telemetry with its own times; resolves when all of it is acknowledged. */
export async function replay(
  file: string,
  map: ReplayMap,
  parts: { readonly sender: FrameSender; readonly pace: Pace },
  { log, signal }: Scope,
): Promise<ReplayReport> {
  const { sender, pace } = parts;
  let frames = 0;
  let faults = 0;
  const complain = (line: number, reason: string) => {
    faults += 1;
    if (faults <= mostTold) log.warn({ line, reason }, "bad row");
  };

  for await (const { arrival, frame } of framesOfFile(file, map, complain)) {
    await pace.until(arrival);
    if (signal.aborted) throw new Error("stopped before the end of the file");
    await sender.send(frame);
    frames += 1;
  }
  await sender.drained();
  await pace.end();
  return { frames, faults };
}
