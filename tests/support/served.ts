import { type Device, earliestInstant, latestInstant } from "@sunledger/model";
import { readLedger, type Served } from "../../simulators/src/ledger/read-ledger.ts";
import type { StoredHouse } from "./stored.ts";

export type Difference = {
  readonly device: string;
  readonly point: string;
  readonly at: number;
  readonly stored: number | string | null;
  readonly served: readonly (number | string | null)[];
};

type Comparison = { readonly compared: number; readonly differences: readonly Difference[] };

/** A poll of a slot is answered within this time: waits for a device that is away included. */
const answerWindowMs = 10_000;

/** Compares every good stored value with what the simulator wrote down that it served then. */
export async function compareWithLedger(
  stored: StoredHouse,
  ledgerDir: string,
): Promise<Comparison> {
  let compared = 0;
  const differences: Difference[] = [];
  for (const plant of await stored.records.plants(stored.organisation)) {
    for (const device of await stored.records.devices(stored.organisation, plant.id)) {
      const served = await readLedger(ledgerDir, plant.code, device.tag);
      for await (const { point, at, value } of goodValues(stored, device)) {
        compared += 1;
        const answers = servedAround(served.get(point) ?? [], at).map((answer) => answer.value);
        if (answers.some((answer) => same(answer, value))) continue;
        const name = `${plant.code}/${device.tag}`;
        differences.push({ device: name, point, at, stored: value, served: answers });
      }
    }
  }
  return { compared, differences };
}

async function* goodValues({ organisation, store }: StoredHouse, device: Device) {
  const points = device.announcement?.points.map(({ name }) => name) ?? [];
  const range = { organisation, devices: [device.id], points, ...always };
  for await (const value of store.read(range)) if (value.flag === undefined) yield value;
}

const always = { from: earliestInstant, to: latestInstant };

/** The answers to reads that may belong to the slot. */
function servedAround(served: readonly Served[], slot: number): readonly Served[] {
  return served.slice(firstFrom(served, slot), firstFrom(served, slot + answerWindowMs));
}

/** The place of the first answer at or after an instant; answers are in the order of serving. */
function firstFrom(served: readonly Served[], instant: number): number {
  let low = 0;
  let high = served.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((served[middle]?.at ?? 0) < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * A scale factor leaves the last bits of a double open, and a register of 32 bits is the same number
 * in its shortest digits; counters are compared digit by digit.
 */
function same(served: number | string | null, stored: number | string | null): boolean {
  if (typeof served === "string" || typeof stored === "string") {
    return String(served) === String(stored);
  }
  if (served === null || stored === null) return served === stored;
  const single = Math.fround(served) === served && Math.fround(stored) === served;
  return single || Math.abs(served - stored) <= 1e-9 * Math.max(1, Math.abs(served));
}
