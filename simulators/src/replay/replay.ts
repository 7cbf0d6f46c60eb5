import type { Scope } from "@sunledger/runtime";
import type { FrameSender } from "../sender/frame-sender.ts";
import type { Pace } from "./pace.ts";
import { framesOfFile } from "./read-file.ts";
import type { ReplayMap } from "./replay-map.ts";
import type { Horizon } from "./row-times.ts";
import type { Complain } from "./table.ts";

/** What has become of a file. */
export type ReplayReport = {
  readonly frames: number;
  /** When the first and the last of them were measured, Unix milliseconds; absent without any. */
  readonly span?: { readonly from: number; readonly to: number };
};

export type ReplayParts = {
  readonly sender: FrameSender;
  readonly pace: Pace;
  readonly complain: Complain;
  readonly horizon: Horizon;
};

/**
 * Sends a file as telemetry with its own times; resolves when all of it is acknowledged. What is wrong
 * with a row is told to `complain`, and its other values are sent.
 */
export async function replay(
  file: string,
  map: ReplayMap,
  parts: ReplayParts,
  { signal }: Pick<Scope, "signal">,
): Promise<ReplayReport> {
  const { sender, pace, complain, horizon } = parts;
  let frames = 0;
  let span: ReplayReport["span"];

  for await (const { arrival, frame } of framesOfFile(file, map, complain, horizon)) {
    await pace.until(arrival);
    if (signal.aborted) throw new Error("stopped before the end of the file");
    await sender.send(frame);
    frames += 1;
    const { from, to } = span ?? { from: frame.at, to: frame.at };
    span = { from: Math.min(from, frame.at), to: Math.max(to, frame.at) };
  }
  await sender.drained();
  await pace.end();
  return { frames, ...(span && { span }) };
}
