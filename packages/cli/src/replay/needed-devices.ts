import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { DeviceKind, DeviceTag } from "@sunledger/model";
import * as z from "zod";
import { PlainError } from "../plain-error.ts";
import { programFile } from "../programs.ts";
import { lastWordsOf } from "../start/log-file.ts";

const NeededDevice = z.object({ tag: DeviceTag, kind: DeviceKind });
export type NeededDevice = z.infer<typeof NeededDevice>;

/** The devices that a file speaks of: the replay itself reads them out of file and map. */
export async function neededDevices(file: string, map: string): Promise<readonly NeededDevice[]> {
  const args = [programFile("replay"), file, "--map", map, "--devices"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  if (code !== 0) throw new PlainError(`Cannot replay ${file}: ${lastWordsOf(said) ?? "unknown"}`);
  const line = said.split("\n").find((one) => one.startsWith("["));
  return z.array(NeededDevice).parse(JSON.parse(line ?? "[]"));
}
