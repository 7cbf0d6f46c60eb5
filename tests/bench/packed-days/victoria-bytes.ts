import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../../support/free-ports.ts";
import { until } from "../../support/until.ts";
import type { InverterDay } from "./inverter-day.ts";

export type DeviceDay = { readonly device: string; readonly day: InverterDay };

/**
 * What VictoriaMetrics needs on disk for the days, in bytes: its values, and its index beside. Looked at
 * when all is flushed and merged and the server has ended by itself.
 */
export async function victoriaBytes(days: readonly DeviceDay[]) {
  const folder = await mkdtemp(join(tmpdir(), "sunledger-victoria-"));
  const address = `127.0.0.1:${await freePorts(1)}`;
  const options = ["-retentionPeriod=100y", "-loggerLevel=ERROR"];
  const server = spawn(
    "victoria-metrics",
    [`-storageDataPath=${folder}`, `-httpListenAddr=${address}`, ...options],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const ended = once(server, "exit"); // rejects when there is no such program
  ended.catch(() => {});
  try {
    await Promise.race([
      until("VictoriaMetrics to listen", async () => (await ask(`${address}/health`)) === "OK"),
      ended.then(() => Promise.reject(new Error("VictoriaMetrics ended at its start"))),
    ]);
    for (const day of days) await ask(`${address}/api/v1/import`, linesOf(day));
    await ask(`${address}/internal/force_flush`);
    const values = await until("all values to be kept", () => keptOf(address, days));
    await ask(`${address}/internal/force_merge`);
    await until("the merges to end", async () => !(await isMerging(address)));
    server.kill("SIGINT");
    await ended;
    const [data, index] = [join(folder, "data"), join(folder, "indexdb")];
    return { values, data: await bytesIn(data), index: await bytesIn(index) };
  } finally {
    server.kill("SIGKILL");
    await ended.catch(() => {});
    await rm(folder, { recursive: true, force: true });
  }
}

/** A line of JSON for each point of the day: its values and their times. */
function linesOf({ device, day }: DeviceDay): string {
  const times = [...day.times.numbers];
  return day.points
    .map(({ name, column }) => {
      const kept = times.map((_, row) => row).filter((row) => !Number.isNaN(column.numbers[row]));
      return JSON.stringify({
        metric: { __name__: "reading", device, point: name },
        values: kept.map((row) => column.numbers[row]),
        timestamps: kept.map((row) => times[row]),
      });
    })
    .join("\n");
}

/** How many values it answers of the days, when these are all. */
async function keptOf(address: string, days: readonly DeviceDay[]): Promise<number | undefined> {
  const wanted = days
    .flatMap(({ day }) => day.points)
    .reduce((sum, { column }) => sum + column.numbers.filter((n) => !Number.isNaN(n)).length, 0);
  const lines = (await ask(`${address}/api/v1/export?match[]=reading`)).split("\n");
  const kept = lines
    .filter((line) => line !== "")
    .reduce((sum, line) => sum + (JSON.parse(line) as { values: unknown[] }).values.length, 0);
  return kept === wanted ? kept : undefined;
}

async function isMerging(address: string): Promise<boolean> {
  const metrics = await ask(`${address}/metrics`);
  return /^vm_active_(force_)?merges(\{.*\})? [1-9]/m.test(metrics);
}

async function ask(address: string, body?: string): Promise<string> {
  const answer = await fetch(
    `http://${address}`,
    body === undefined ? {} : { method: "POST", body },
  );
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}: ${text}`);
  return text;
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = files.map(async (file) => (await stat(join(file.parentPath, file.name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
