import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Compiled } from "./compile.ts";

export type ServerReport = {
  readonly reads: number;
  /** Reads of the first address: one for each poll of a device. */
  readonly polls: number;
  /** Polls of the device that had the fewest and of the one that had the most. */
  readonly least: number;
  readonly most: number;
  /** How many polls came so many milliseconds after the full second, from 0 to 999. */
  readonly lateMs: readonly number[];
  /** The same of all reads. */
  readonly readLateMs: readonly number[];
};

export type RegisterServer = {
  readonly port: number;
  /** Counts from now on. */
  mark(): void;
  report(): Promise<ServerReport>;
  stop(): Promise<void>;
};

/** The address on which a device of the server listens. */
export function hostOf(device: number): string {
  return `127.1.${Math.floor(device / 200)}.${(device % 200) + 1}`;
}

/** Starts the server of so many devices on one core. */
export async function startRegisterServer(
  { registerServer }: Compiled,
  { devices, firstAddress = 0, core }: { devices: number; firstAddress?: number; core: number },
): Promise<RegisterServer> {
  const args = ["-c", String(core), registerServer, String(devices), String(firstAddress)];
  const child = spawn("taskset", args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("the register server has ended");
    return value;
  };
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const port = Number(await line());
  return {
    port,
    mark: () => void child.stdin.write("mark\n"),
    async report() {
      child.stdin.write("report\n");
      return JSON.parse(await line()) as ServerReport;
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
