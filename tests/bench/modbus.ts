import { cpus, loadavg } from "node:os";
import { type Compiled, compiled } from "./native/compile.ts";
import type { ReadsReport } from "./native/link-reads.ts";
import { throughLibmodbus, throughLink } from "./native/reader-programs.ts";
import { startRegisterServer } from "./native/register-server.ts";

/** The share of libmodbus' reads a second that a link must reach, by its window. */
const goal = { window1: 0.65, window8: 1 };
const rounds = 8;
/** A round reads three times at each of two places. */
const partsOfARound = 6;
const workload = { devices: 1, blocks: 1, registers: 125, pace: "unpaced" } as const;

/**
 * Reads of 125 registers a second over one link with one request in flight and with eight, beside a
 * C loop on libmodbus, which knows no more than one. Reader and server share a core, so that what is
 * measured is work and not how long a core takes to wake up; on two cores it is shown too. Rounds
 * alternate, and the best of each is compared, since other load on the machine only takes away.
 */
export async function bench({ seconds }: { readonly seconds: number }) {
  const programs = await compiled();
  try {
    const last = cpus().length - 1;
    const a = { seconds: seconds / rounds / partsOfARound, reader: last };
    const loadBefore = loadavg()[0];
    const sameCore = await measure(programs, { ...a, server: last });
    const otherCore = last > 0 ? await measure(programs, { ...a, server: last - 1 }) : undefined;
    const { window1, window8 } = sameCore.ratios;
    const ratio = round(Math.min(window1 / goal.window1, window8 / goal.window8));
    return {
      name: "modbus",
      machine: `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}`,
      load: { before: loadBefore, after: loadavg()[0] },
      figure: { name: "reads/s over libmodbus' reads/s", window1, window8 },
      limit: goal,
      ratio,
      reachesGoal: ratio >= 1,
      registersARead: workload.registers,
      sameCore,
      otherCore,
    };
  } finally {
    await programs.remove();
  }
}

type Place = { readonly seconds: number; readonly reader: number; readonly server: number };

async function measure(programs: Compiled, { seconds, reader, server }: Place) {
  const peer = await startRegisterServer(programs, { devices: 1, core: server });
  try {
    const where = { port: peer.port, core: reader, seconds };
    const all = { libmodbus: [], window1: [], window8: [] } as Record<string, ReadsReport[]>;
    for (let turn = 0; turn < rounds; turn += 1) {
      all.libmodbus?.push(await throughLibmodbus(programs, where, workload));
      all.window1?.push(await throughLink(where, 1));
      all.window8?.push(await throughLink(where, 8));
    }
    const figures = {
      libmodbus: summed(all.libmodbus),
      window1: summed(all.window1),
      window8: summed(all.window8),
    };
    const ratioOf = (of: { readsPerSecond: number }) =>
      round(of.readsPerSecond / figures.libmodbus.readsPerSecond);
    const ratios = { window1: ratioOf(figures.window1), window8: ratioOf(figures.window8) };
    return { ratios, ...figures };
  } finally {
    await peer.stop();
  }
}

function summed(reports: readonly ReadsReport[] = []) {
  const perSecond = reports.map(({ reads, seconds }) => reads / seconds);
  const cpu = reports.map(({ reads, cpuSeconds }) => (cpuSeconds / reads) * 1e6);
  return {
    readsPerSecond: Math.round(Math.max(...perSecond)),
    medianReadsPerSecond: Math.round(median(perSecond)),
    cpuMicrosecondsARead: round(median(cpu)),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
