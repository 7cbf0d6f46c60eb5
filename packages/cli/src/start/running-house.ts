import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { DataFolder } from "./data-folder.ts";

const RunningProgram = z.object({
  name: z.string(),
  state: z.enum(["starting", "running", "waiting", "done", "stopped"]),
  pid: z.int().optional(),
  /** When the process began, in the machine's own words: its number may go to another. */
  born: z.string().optional(),
  port: z.int().optional(),
  /** Where it writes what befalls it, unless that is in the folder of logs under its name. */
  log: z.string().optional(),
  restarts: z.int(),
});
export type RunningProgram = z.infer<typeof RunningProgram>;

/** What a running house says of itself in `run/programs.json`; readable by its owner only. */
export const RunningHouse = z.object({
  supervisor: z.int(),
  ready: z.boolean(),
  /** Since when, Unix milliseconds of the system's clock. */
  readyAt: z.int().optional(),
  address: z.string(),
  mqttUrl: z.string(),
  databaseUrl: z.string().optional(),
  databaseOwnerUrl: z.string().optional(),
  programs: z.array(RunningProgram),
});
export type RunningHouse = z.infer<typeof RunningHouse>;

const fileOf = (folder: DataFolder) => join(folder.run, "programs.json");

/** What the house that runs there, or ran there last, said of itself. */
export function readRunningHouse(folder: DataFolder): RunningHouse | undefined {
  try {
    return RunningHouse.parse(JSON.parse(readFileSync(fileOf(folder), "utf8")));
  } catch {
    return undefined;
  }
}

export function writeRunningHouse(folder: DataFolder, house: RunningHouse): void {
  const file = fileOf(folder);
  writeFileSync(`${file}.part`, `${JSON.stringify(house, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.part`, file);
}

export function forgetRunningHouse(folder: DataFolder): void {
  rmSync(fileOf(folder), { force: true });
}
