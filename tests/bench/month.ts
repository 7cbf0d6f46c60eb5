import { cpus } from "node:os";
import { setTimeout as pass } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openDrivenChain } from "../support/driven-chain.ts";
import { cpuSeconds } from "../support/process-usage.ts";

const scenario = fileURLToPath(
  new URL("../../simulators/scenarios/winter-month.yaml", import.meta.url),
);
const minute = 60_000;
const month = 31 * 24 * 60 * minute;

/** How long a month of a plant may take that is polled once a minute. */
const limit = { minutes: 30 };
const polls = [minute, 10_000] as const;
const warmUpMs = 3_000;

/**
 * How long a month of one plant takes when it is driven as fast as everybody keeps up: simulators, gateway, broker,
 * ingest and PostgreSQL as real processes, each frame stored before the next is polled.
 */
export async function bench({ seconds }: { readonly seconds: number }) {
  const results = [];
  for (const everyMs of polls) results.push(await measure(everyMs, seconds / polls.length));
  const [first] = results;
  return {
    name: "month",
    machine: `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}`,
    figure: { monthMinutes: first?.monthMinutes },
    limit,
    ratio: round((first?.monthMinutes ?? Number.POSITIVE_INFINITY) / limit.minutes),
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
    const stored = await chain.store.buckets({
      ...{ organisation: chain.organisation, points: ["ac.frequency"] },
      ...{ everyMs: month, from: 0, to, devices: [...chain.devices.values()] },
    });
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
      /** Of one point of five devices: nothing that was polled may be left out. */
      stored: stored.reduce((sum, { count }) => sum + count, 0),
    };
  } finally {
    await chain.close();
  }
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
