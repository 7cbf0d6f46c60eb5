import { cpus, loadavg } from "node:os";
import { measureGateway } from "./gateway-load/measure-gateway.ts";
import { compiled } from "./native/compile.ts";

const hundred = { devices: 100, blocks: 1, registersABlock: 40, window: 1 };
const thousand = { devices: 1_000, blocks: 5, registersABlock: 8, window: 1 };

const limit = {
  /** One gateway process on a hundred devices. */
  coreShare: 0.25,
  memoryMb: 150,
  lateP99Ms: 25,
  /** On a thousand devices. */
  missedPolls: 0,
  cpuOverLibmodbus: 2.5,
};

/**
 * One gateway process, with its outbox and its delivery: a hundred devices of 40 registers each
 * second, run as the systemd unit runs it, and a thousand devices of five blocks each second beside a C loop on libmodbus that reads
 * the same and does nothing with it.
 */
export async function bench({ seconds }: { readonly seconds: number }) {
  const programs = await compiled();
  try {
    const before = loadavg()[0];
    const small = await measureGateway(programs, hundred, seconds / 3, { asUnit: true });
    const large = await measureGateway(programs, thousand, seconds / 3, { core: 0 });
    const together = { ...thousand, window: thousand.blocks };
    const windowed = await measureGateway(programs, together, seconds / 3, { core: 0 });
    const figure = {
      coreShare: small.coreShare,
      memoryMb: small.memoryMb,
      lateP99Ms: small.lateMs.p99,
      missedPolls: small.missedPolls + large.missedPolls,
      cpuOverLibmodbus: large.cpuOverLibmodbus,
    };
    const shares = (["coreShare", "memoryMb", "lateP99Ms", "cpuOverLibmodbus"] as const).map(
      (name) => figure[name] / limit[name],
    );
    return {
      name: "gateway",
      machine: `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}`,
      load: { before, after: loadavg()[0] },
      figure,
      limit,
      /** Of the figure that comes nearest to its limit, or is furthest beyond it. */
      ratio: Math.round(Math.max(...shares) * 100) / 100,
      reachesGoal: figure.missedPolls <= limit.missedPolls && Math.max(...shares) <= 1,
      /** Over libmodbus with all devices under way at once, as the gateway may have them. */
      cpuOverLibmodbusTogether: large.cpuOverTogether,
      /** Where the devices stand it that all blocks are asked for together. */
      cpuOverLibmodbusInWindow: windowed.cpuOverLibmodbus,
      /** The least that a program on Node can reach, one read after the other and all together. */
      floorOverLibmodbus: large.floorOverLibmodbus,
      floorOverLibmodbusInWindow: windowed.floorOverLibmodbus,
      results: [small, large, windowed],
    };
  } finally {
    await programs.remove();
  }
}
