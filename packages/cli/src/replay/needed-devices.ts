import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { DeviceKind, DeviceTag } from "@sunledger/model";
import * as z from "zod";
import { PlainError } from "../plain-error.ts";
import { programFile } from "../programs.ts";

const NeededDevice = z.object({ tag: DeviceTag, kind: DeviceKind });
export type NeededDevice = z.infer<typeof NeededDevice>;

/** The devices that a file speaks of: the replay itself reads them out of file and map. */
export async function neededDevices(file: string, map: string): Promise<readonly NeededDevice[]> {
  const args = [programFile("replay"), file, "--map", map, "--devices"];
  const env = { ...process.env, SUNLEDGER_LOG_FORMAT: "pretty" };
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], env });
  const [said, complained, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  if (code !== 0) {
    const reason = complained.trim().replace(/^Cannot replay: /, "");
    throw new PlainError(`Cannot replay ${file}: ${reason}`);
  }
  const line = said.split("\n").find((one) => one.startsWith("["));
  return z.array(NeededDevice).parse(JSON.parse(line ?? "[]"));
}
