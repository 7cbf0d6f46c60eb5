import { cpus, loadavg } from "node:os";
import { setTimeout as pass } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openDrivenChain } from "../support/driven-chain.ts";
import { cpuSeconds } from "../support/process-usage.ts";

const scenario = fileURLToPath(
  new URL("../../simulators/scenarios/winter-month.yaml", import.meta.url),
);
const minute = 60_000;
const month = 31 * 24 * 60 * minute;

/** How long a month of a plant may take that is polled once a minute, and how many of its polls may be left out. */
const limit = { monthMinutes: 30, missing: 0 };
const polls = [minute, 10_000] as const;
const warmUpMs = 3_000;
const mostTries = 20;

/**
 * How long a month of one plant takes when it is driven as fast as everybody keeps up: simulators, gateway, broker,
 * ingest and PostgreSQL as real processes, each frame stored before the next is polled.
 */
export async function bench({ seconds }: { readonly seconds: number }) {
  const before = loadavg()[0];
  const results = [];
  for (const everyMs of polls) results.push(await measure(everyMs, seconds / polls.length));
  const figure = {
    monthMinutes: results[0]?.monthMinutes ?? Number.POSITIVE_INFINITY,
    missing: results.reduce((sum, { missing }) => sum + missing, 0),
  };
  return {
    name: "month",
    machine: `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}`,
    load: { before, after: loadavg()[0] },
    figure,
    limit,
    ratio: round(figure.monthMinutes / limit.monthMinutes),
    reachesGoal: figure.monthMinutes <= limit.monthMinutes && figure.missing <= limit.missing,
    results,
  };
}

async function measure(everyMs: number, seconds: number) {
  const chain = await openDrivenChain({
    ...{ name: "bench month", scenario, everyMs, speed: 1_000_000 },
  });
  try {
    const spentBy = () =>
      Object.entries(chain.programs).map(([name, { process }]) => {
        return [name, cpuSeconds(process.pid)] as const;
      });
    await pass(warmUpMs);
    const [begin, from, before] = [performance.now(), await chain.now(), spentBy()];
    await pass(1_000 * seconds);
    const [spent, to, after] = [performance.now() - begin, await chain.now(), spentBy()];
    const whole = {
      from: Math.ceil(from / everyMs) * everyMs,
      to: Math.floor(to / everyMs) * everyMs,
    };
    const slots = (whole.to - whole.from) / everyMs;
    const devices = [...chain.devices]
      .filter(([tag]) => !tag.startsWith("MET-"))
      .map(([, id]) => id);
    const read = { organisation: chain.organisation, points: ["ac.frequency"], devices, ...whole };
    const polled = devices.length * slots;
    const countStored = async () => {
      let count = 0;
      for await (const { value } of chain.store.read(read)) if (value !== null) count += 1;
      return count;
    };
    let stored = await countStored();
    // What was polled last is still on its way.
    for (let tries = 0; stored < polled && tries < mostTries; tries += 1) {
      await pass(1_000);
      stored = await countStored();
    }
    const shares = after.map(([name, cpu], i) => {
      return [name, round((cpu - (before[i]?.[1] ?? 0)) / (spent / 1_000))] as const;
    });
    const cpu = after.reduce((sum, [, own], i) => sum + own - (before[i]?.[1] ?? 0), 0);
    return {
      pollMs: everyMs,
      hoursASecond: round((to - from) / (60 * minute) / (spent / 1_000)),
      monthMinutes: round((month / (to - from)) * (spent / minute)),
      /** Processor time of the four programs, which work one after the other: the same however busy the machine is. */
      monthCpuMinutes: round(((month / (to - from)) * cpu) / 60),
      /** What each program takes of a core. */
      coreShares: Object.fromEntries(shares),
      /** Of one point of all devices but the weather station. */
      stored,
      missing: polled - stored,
    };
  } finally {
    await chain.close();
  }
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
