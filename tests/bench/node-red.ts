import { cpus, loadavg } from "node:os";
import { measureGateway } from "./gateway-load/measure-gateway.ts";
import { compiled } from "./native/compile.ts";
import { installedNodeRed, versions } from "./node-red-flow/installed.ts";
import { measureFlow } from "./node-red-flow/measure-flow.ts";

const plant = { devices: 2_400, blocks: 1, registersABlock: 40, window: 1 };
/** Of Node-RED's, at 2,400 devices. */
const limit = { cpuARead: 0.6, memory: 0.4 };
/** A flow that misses more than this cannot hold its plant. */
const mostMissed = 0.01;
const fewest = 75;

/**
 * A Node-RED flow beside one gateway process: both read the same 2,400 devices of 40 registers each
 * second over Modbus TCP, decode them and publish over MQTT; the gateway also keeps them on disk
 * until a store has them. Of both counts what a read costs that succeeded. Where the flow misses
 * reads, half as many devices are tried until it holds them.
 */
export async function bench({ seconds }: { readonly seconds: number }) {
  const installed = await installedNodeRed();
  const programs = await compiled();
  try {
    const before = loadavg()[0];
    const gateway = await measureGateway(programs, plant, seconds / 3, { asUnit: true });
    const nodeRed = await measureFlow({ installed, programs }, plant, seconds / 3);
    const smaller = [];
    let last = nodeRed;
    while (last.missedShare > mostMissed && last.devices > fewest) {
      const half = { ...plant, devices: Math.round(last.devices / 2) };
      last = await measureFlow({ installed, programs }, half, seconds / 3);
      smaller.push(last);
    }
    const figure = {
      cpuARead: over(gateway.cpuMicrosecondsARead, nodeRed.cpuMicrosecondsARead),
      memory: over(gateway.memoryMb, nodeRed.memoryMb),
      gatewayMissedShare: over(gateway.missedPolls, gateway.missedPolls + gateway.polls),
      nodeRedMissedShare: nodeRed.missedShare,
      /** The most of what was tried; 0 where it held none of it. */
      nodeRedHolds: last.missedShare > mostMissed ? 0 : last.devices,
    };
    const ratio = Math.max(figure.cpuARead / limit.cpuARead, figure.memory / limit.memory);
    return {
      name: "node-red",
      machine: `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}`,
      load: { before, after: loadavg()[0] },
      versions,
      figure,
      limit,
      /** Of the figure that comes nearest to its limit, or is furthest beyond it. */
      ratio: Math.round(ratio * 100) / 100,
      reachesGoal: ratio <= 1 && figure.gatewayMissedShare <= mostMissed,
      results: { gateway, nodeRed, smaller },
    };
  } finally {
    await programs.remove();
  }
}

function over(ours: number, theirs: number): number {
  return Math.round((ours / theirs) * 1_000) / 1_000;
}
