import type { Scope } from "@sunledger/runtime";
import type { FrameSender } from "../sender/frame-sender.ts";
import type { Pace } from "./pace.ts";
import { framesOfFile } from "./read-file.ts";
import type { ReplayMap } from "./replay-map.ts";
import type { Complain } from "./table.ts";

/** What has become of a file. */
export type ReplayReport = {
  readonly frames: number;
};

/**
 * Sends a file as telemetry with its own times; resolves when all of it is acknowledged. What is wrong
 * with a row is told to `complain`, and its other values are sent.
 */
export async function replay(
  file: string,
  map: ReplayMap,
  parts: { readonly sender: FrameSender; readonly pace: Pace; readonly complain: Complain },
  { signal }: Pick<Scope, "signal">,
): Promise<ReplayReport> {
  const { sender, pace, complain } = parts;
  let frames = 0;

  for await (const { arrival, frame } of framesOfFile(file, map, complain)) {
    await pace.until(arrival);
    if (signal.aborted) throw new Error("stopped before the end of the file");
    await sender.send(frame);
    frames += 1;
  }
  await sender.drained();
  await pace.end();
  return { frames };
}
