import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { startAckingPeer } from "../../../gateway/src/delivery/testing/acking-peer.ts";
import { startProgram } from "../../support/pipe.ts";
import { cpuSeconds, residentMegabytes } from "../../support/process-usage.ts";
import type { Compiled } from "../native/compile.ts";
import { throughLibmodbus, throughSockets } from "../native/reader-programs.ts";
import { startRegisterServer } from "../native/register-server.ts";
import { type Plant, warmUpMs, writeGatewayFiles } from "./plant.ts";
import { unitOptions } from "./unit-options.ts";

const run = promisify(execFile);
const libmodbusSeconds = 8;
/** libmodbus waits by select, which knows files up to 1,023. */
const mostOfLibmodbus = 1_000;
const everyMs = 1_000;

export type Running = {
  /** Node is told what the systemd unit tells it, and has run before. */
  readonly asUnit?: boolean;
  /** Where all its threads stay. The devices have core 0: there nobody pays for waking up another core. */
  readonly core?: number;
};

/**
 * Lets a gateway process read a plant each second, keep every frame on disk and deliver it to a
 * broker with a store behind it. Lateness is counted by the devices: from the full second to the
 * first request of its poll.
 */
export async function measureGateway(
  programs: Compiled,
  plant: Plant,
  seconds: number,
  { asUnit = false, core }: Running = {},
) {
  const closing: (() => unknown)[] = [];
  try {
    const folder = await mkdtemp(join(tmpdir(), "sunledger-bench-"));
    closing.push(() => rm(folder, { recursive: true, force: true }));
    const server = await startRegisterServer(programs, { devices: plant.devices, core: 0 });
    closing.push(() => server.stop());
    const broker = await startAckingPeer();
    closing.push(() => broker.close());
    const files = writeGatewayFiles(folder, plant, server.port);
    const options = asUnit ? unitOptions(join(folder, "compiled")) : {};
    const start = () =>
      startProgram("gateway/src/main.ts", {
        ...options,
        SUNLEDGER_GATEWAY_CONFIG: files.config,
        SUNLEDGER_PROFILE_DIR: files.profiles,
        SUNLEDGER_MQTT_URL: broker.url,
        SUNLEDGER_GATEWAY_SECRET: "secret",
        SUNLEDGER_OUTBOX_DIR: join(folder, "outbox"),
      });
    if (asUnit) await (await start()).stop();
    const gateway = await start();
    closing.push(() => gateway.stop());
    const { pid } = gateway.process;
    if (core !== undefined) await run("taskset", ["-a", "-c", "-p", String(core), String(pid)]);
    await wait(warmUpMs);
    await untilMidSecond();
    server.mark();
    const [begin, before] = [performance.now(), cpuSeconds(pid)];
    await wait((seconds - 0.5) * 1_000);
    await untilMidSecond();
    const report = await server.report();
    const used = cpuSeconds(pid) - before;
    const spent = (performance.now() - begin) / 1_000;
    const memory = residentMegabytes(pid);
    await gateway.stop();

    const devices = Math.min(plant.devices, mostOfLibmodbus);
    const work = { ...plant, devices, registers: plant.registersABlock, pace: "paced" } as const;
    const where = { port: server.port, core: 0, seconds: libmodbusSeconds };
    const libmodbus = await throughLibmodbus(programs, where, work);
    const beside = await throughLibmodbus(programs, where, { ...work, pace: "together" });
    const floor = await throughSockets(where, work, plant.window);
    const polls = Math.round(spent) * plant.devices;
    const [cpuARead, cpuAReadLibmodbus, cpuAReadTogether, cpuAReadFloor] = [
      used / report.reads,
      libmodbus.cpuSeconds / libmodbus.reads,
      beside.cpuSeconds / beside.reads,
      floor.cpuSeconds / floor.reads,
    ];
    return {
      ...plant,
      ...options,
      seconds: Math.round(spent),
      polls: report.polls,
      missedPolls: polls - report.polls,
      /** Polls of the device that was polled least. */
      fewestPolls: report.least,
      readsPerSecond: Math.round(report.reads / spent),
      lateMs: { p50: quantile(report.lateMs, 0.5), p99: quantile(report.lateMs, 0.99) },
      coreShare: round(used / spent, 0.001),
      memoryMb: memory,
      cpuMicrosecondsARead: round(cpuARead * 1e6, 0.1),
      libmodbusMicrosecondsARead: round(cpuAReadLibmodbus * 1e6, 0.1),
      cpuOverLibmodbus: round(cpuARead / cpuAReadLibmodbus, 0.01),
      /** The same by libmodbus with all devices under way at once, where the limit has them one by one. */
      togetherMicrosecondsARead: round(cpuAReadTogether * 1e6, 0.1),
      cpuOverTogether: round(cpuARead / cpuAReadTogether, 0.01),
      /** What the same reads cost a program on Node that does nothing with them. */
      floorMicrosecondsARead: round(cpuAReadFloor * 1e6, 0.1),
      floorOverLibmodbus: round(cpuAReadFloor / cpuAReadLibmodbus, 0.01),
      framesDelivered: broker.received.reduce((sum, { frames }) => sum + frames.length, 0),
    };
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** Between two polls: what is counted from here to there are whole ones. */
async function untilMidSecond() {
  const past = Date.now() % everyMs;
  await wait(((everyMs * 3) / 2 - past) % everyMs);
}

/** The millisecond up to which that share of a histogram lies. */
function quantile(histogram: readonly number[], share: number): number {
  const all = histogram.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  return histogram.findIndex((count) => {
    seen += count;
    return seen >= all * share;
  });
}

function round(value: number, step: number): number {
  return Number((Math.round(value / step) * step).toPrecision(6));
}
