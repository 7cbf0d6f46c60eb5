import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hostOf } from "../native/register-server.ts";

/** A gateway's work: so many devices, each with points in so many blocks, all read each second. */
export type Plant = {
  readonly devices: number;
  readonly blocks: number;
  readonly registersABlock: number;
  /** How many requests a device stands at once. */
  readonly window: number;
};

/** So long until all connections stand and what is needed often is compiled: for ours and for its peers. */
export const warmUpMs = 20_000;

/** Blocks lie too far apart to be read together. */
const blockStep = 200;

/** Writes the profile and the configuration of a gateway that reads the register server. */
export function writeGatewayFiles(folder: string, plant: Plant, port: number) {
  const profiles = join(folder, "profiles");
  const config = join(folder, "gateway.json");
  mkdirSync(profiles);
  writeFileSync(join(profiles, "bench.json"), JSON.stringify(profileOf(plant)));
  const devices = Array.from({ length: plant.devices }, (_, i) => ({
    tag: `INV-${String(i + 1).padStart(4, "0")}`,
    url: `tcp://${hostOf(i)}:${port}?unit=1`,
    profile: "bench",
  }));
  // JSON is YAML.
  writeFileSync(config, JSON.stringify({ id: "bench-gw", devices }));
  return { profiles, config };
}

function profileOf({ blocks, registersABlock, window }: Plant) {
  const points = Array.from({ length: blocks * registersABlock }, (_, i) => ({
    name: nameOf(i),
    kind: "holding",
    address: Math.floor(i / registersABlock) * blockStep + (i % registersABlock),
    type: "uint16",
    invalid: "0xFFFF",
    unit: i % 2 === 0 ? "A" : "V",
    scale: i % 2 === 0 ? 0.01 : 0.1,
    poll: "fast",
    src: ["bench"],
  }));
  return {
    format: 1,
    id: "bench",
    vendor: "Bench",
    family: "Register server of the benchmarks",
    kind: "inverter",
    protocol: "modbus",
    models: ["*"],
    verification: { level: "unverified", note: "" },
    sources: [
      { id: "bench", kind: "implementation", title: "tests/bench/native/register-server.c" },
    ],
    transport: { unit: { default: 1 } },
    limits: {
      maxRegistersPerRead: 125,
      maxGap: 16,
      responseTimeoutMs: 3_000,
      maxRequestsInFlight: window,
    },
    points,
  };
}

function nameOf(i: number): string {
  return `dc.string.${Math.floor(i / 2) + 1}.${i % 2 === 0 ? "current" : "voltage"}`;
}
