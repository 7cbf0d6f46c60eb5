import { type Device, DeviceHistory, PlantDetail, PlantList } from "@sunledger/model";
import type { SignedIn } from "./signed-in.ts";
import type { StoredHouse } from "./stored.ts";

export type HistoryDifference = {
  readonly device: string;
  readonly point: string;
  readonly at: number;
  readonly stored: number | undefined;
  readonly answered: number | undefined;
};

type Window = { readonly from: number; readonly to: number };

/** So many points the API answers at once. */
const mostPoints = 20;

/** Where the API's history, in buckets of a second, says other than the stored good values. */
export async function compareWithHistory(
  stored: StoredHouse,
  { get }: SignedIn,
  window: Window,
): Promise<{ readonly compared: number; readonly differences: readonly HistoryDifference[] }> {
  let compared = 0;
  const differences: HistoryDifference[] = [];
  const { items } = PlantList.parse(await get("/plants"));
  for (const { id } of items) {
    const { devices } = PlantDetail.parse(await get(`/plants/${id}`));
    const known = await stored.records.devices(stored.organisation, id);
    for (const device of known) {
      if (!devices.some((one) => one.id === device.id))
        throw new Error(`${device.tag} is not told`);
      const points = pointsOf(device);
      const kept = await keptValues(stored, device, points, window);
      const told = await toldValues(get, device, points, window);
      for (const key of new Set([...kept.keys(), ...told.keys()])) {
        compared += 1;
        const [values, answered] = [kept.get(key), told.get(key)];
        if (values === answered) continue;
        const [point = "", at] = key.split(" ");
        differences.push({ device: device.tag, point, at: Number(at), stored: values, answered });
      }
    }
  }
  return { compared, differences };
}

/** Counters first, so that both lanes are among them. */
function pointsOf({ announcement }: Device): string[] {
  const ordered = (announcement?.points ?? []).toSorted((a, b) => a.lane.localeCompare(b.lane));
  return ordered.slice(0, mostPoints).map(({ name }) => name);
}

async function keptValues(
  { organisation, store }: StoredHouse,
  { id }: Device,
  points: readonly string[],
  window: Window,
) {
  const kept = new Map<string, number>();
  const range = { organisation, devices: [id], points, ...window };
  for await (const { point, at, value, flag } of store.read(range)) {
    if (flag === undefined && value !== null) kept.set(`${point} ${at}`, Number(value));
  }
  return kept;
}

async function toldValues(
  get: SignedIn["get"],
  { id }: Device,
  points: readonly string[],
  { from, to }: Window,
) {
  const [begin, end] = [from, to].map((at) => new Date(at).toISOString());
  const query = `from=${begin}&to=${end}&width=4000&points=${points.join(",")}`;
  const history = DeviceHistory.parse(await get(`/devices/${id}/history?${query}`));
  if (history.everyMs !== 1_000) throw new Error(`buckets of ${history.everyMs} ms`);
  const told = new Map<string, number>();
  for (const { point, start, avg, count } of history.series) {
    for (const [i, at] of start.entries()) {
      // A poll a second at most: whatever is counted twice would be a value of its own.
      told.set(`${point} ${at}`, count[i] === 1 ? (avg[i] ?? Number.NaN) : Number.NaN);
    }
  }
  return told;
}
