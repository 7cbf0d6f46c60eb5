import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Compiled } from "./compile.ts";
import type { ReadsReport } from "./link-reads.ts";

const run = promisify(execFile);
const socketReads = fileURLToPath(new URL("socket-reads.ts", import.meta.url));
const linkReads = fileURLToPath(new URL("link-reads.ts", import.meta.url));

export type Reading = {
  readonly port: number;
  readonly core: number;
  readonly seconds: number;
};

/** Reads of 125 registers through our own link, as many as it can with that window. */
export function throughLink({ port, core, seconds }: Reading, window: number) {
  const args = [process.execPath, linkReads, port, window, seconds];
  return reportOf(["-c", core, ...args]);
}

export type Workload = {
  readonly devices: number;
  readonly blocks: number;
  readonly registers: number;
  /**
   * Each block of each device once a second, device after device or all of them side by side; or as often as
   * it can.
   */
  readonly pace: "paced" | "together" | "unpaced";
};

/** The same through libmodbus. */
export function throughLibmodbus(
  { libmodbusReads }: Compiled,
  { port, core, seconds }: Reading,
  { devices, blocks, registers, pace }: Workload,
) {
  const work = [devices, blocks, registers, seconds, pace];
  return reportOf(["-c", core, libmodbusReads, port, ...work]);
}

/** The least that such reads cost on Node: prepared requests on bare sockets, each second. */
export function throughSockets(
  { port, core, seconds }: Reading,
  { devices, blocks, registers }: Omit<Workload, "pace">,
  window: number,
) {
  const work = [socketReads, port, devices, blocks, registers, seconds, window];
  return reportOf(["-c", core, process.execPath, ...work]);
}

async function reportOf(args: readonly (string | number)[]): Promise<ReadsReport> {
  const { stdout } = await run("taskset", args.map(String));
  return JSON.parse(stdout);
}
