import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startAckingPeer } from "../../../gateway/src/delivery/testing/acking-peer.ts";
import { cpuSeconds, residentMegabytes } from "../../support/process-usage.ts";
import { type Plant, warmUpMs } from "../gateway-load/plant.ts";
import type { Compiled } from "../native/compile.ts";
import { startRegisterServer } from "../native/register-server.ts";
import { flowOf } from "./flow.ts";
import { startNodeRed } from "./start-node-red.ts";

/**
 * Lets a Node-RED flow read a plant each second and publish what it read. A read counts when its
 * values have reached the broker.
 */
export async function measureFlow(
  { installed, programs }: { readonly installed: string; readonly programs: Compiled },
  plant: Plant,
  seconds: number,
) {
  const closing: (() => unknown)[] = [];
  try {
    const folder = await mkdtemp(join(tmpdir(), "sunledger-node-red-"));
    closing.push(() => rm(folder, { recursive: true, force: true }));
    const server = await startRegisterServer(programs, { devices: plant.devices, core: 0 });
    closing.push(() => server.stop());
    const broker = await startAckingPeer();
    closing.push(() => broker.close());
    const place = { modbusPort: server.port, mqttPort: Number(new URL(broker.url).port) };
    const flow = await startNodeRed(installed, folder, flowOf(plant, place));
    closing.push(() => flow.stop());
    await wait(warmUpMs);

    server.mark();
    const [begin, cpuBefore, toldBefore] = [
      performance.now(),
      cpuSeconds(flow.pid),
      broker.told.length,
    ];
    await wait(seconds * 1_000);
    const report = await server.report();
    const used = cpuSeconds(flow.pid) - cpuBefore;
    const published = broker.told.length - toldBefore;
    const spent = (performance.now() - begin) / 1_000;
    const wanted = spent * plant.devices;
    return {
      devices: plant.devices,
      seconds: Math.round(spent),
      /** Requests that the devices have answered; those that came too late for the flow as well. */
      reads: report.reads,
      published,
      missedShare: round(Math.max(0, 1 - published / wanted), 0.0001),
      /** Polls of the device that was polled least. */
      fewestPolls: report.least,
      coreShare: round(used / spent, 0.001),
      memoryMb: residentMegabytes(flow.pid),
      cpuMicrosecondsARead: round((used / published) * 1e6, 0.1),
    };
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

function round(value: number, step: number): number {
  return Number((Math.round(value / step) * step).toPrecision(6));
}
