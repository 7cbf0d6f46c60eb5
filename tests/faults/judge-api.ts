import { type Device, earliestInstant, type Freshness, latestInstant } from "@sunledger/model";
import type { StoredHouse } from "../support/stored.ts";
import { until } from "../support/until.ts";
import type { FaultHouse } from "./fault-house.ts";
import type { Incident } from "./run-schedule.ts";
import { type ApiLook, type ApiWatched, pagesOf } from "./watch-api.ts";

/** What the api said while everything else failed. */
export type JudgedApi = {
  readonly looks: number;
  /** How often it said that its database is away. */
  readonly away: number;
  /** How many devices it called live. */
  readonly live: number;
  readonly wrong: readonly string[];
};

/** A value may take so long on its way while nobody looks, and be two polls old, and still be called live; and a bit. */
const onItsWayMs = 10_000;
const bitMs = 3_000;
/** A program that was killed answers again so soon, on a busy machine. */
const startsMs = 30_000;
/** A database that is just going or coming answers one look or another. */
const enoughLooks = 3;
const mostLines = 10;

/**
 * Each answer is a page or says that something is away (F2); what is called live is young in the store, whoever
 * was connected (D-12). Nobody answers only while the api itself is down.
 */
export async function judgeApi(
  stored: StoredHouse,
  { ready, pages }: ApiWatched,
  { incidents, fastMs }: { readonly incidents: readonly Incident[]; readonly fastMs: number },
): Promise<JudgedApi> {
  const instants = await instantsOf(stored);
  const liveMs = onItsWayMs + 2 * fastMs + bitMs;
  const downs = incidents.filter(({ fault }) => fault.kind === "apiKill");
  const isDown = ({ from, to }: { readonly from: number; readonly to: number }) =>
    downs.some((down) => from < down.to + startsMs && to > down.from);
  const refused = [...ready, ...pages]
    .filter((one) => one.status !== 200 && one.status !== 503 && !(one.status === 0 && isDown(one)))
    .map(({ from, status, detail }) => `the api answered ${status} at ${from}: ${detail}`);
  const old = pages.flatMap(({ from, to, devices }) =>
    [...devices].flatMap(([name, state]) => {
      const isYoung = instants.get(name)?.some((at) => at >= from - liveMs && at <= to + 1_000);
      return state !== "live" || isYoung ? [] : [`${name} was called live at ${from}`];
    }),
  );
  const silent = incidents.flatMap(({ fault, from, to }) => {
    if (fault.kind !== "storeStop" || isDown({ from, to })) return [];
    const meanwhile = ready.filter((look) => look.from > from && look.to < to);
    if (meanwhile.length < enoughLooks || meanwhile.some(isAway)) return [];
    return [`the api did not say that its database was away from ${from} to ${to}`];
  });
  return {
    looks: ready.length + pages.length,
    away: ready.filter(isAway).length,
    live: pages.flatMap(({ devices }) => [...devices.values()]).filter(isLive).length,
    wrong: [...refused, ...old, ...silent].slice(0, mostLines),
  };
}

/** Why it cannot work is said in words. */
function isAway({ status, detail }: ApiLook): boolean {
  return status === 503 && detail.includes("Missing: database");
}

function isLive(state: Freshness): boolean {
  return state === "live";
}

/** When something of each device was taken, by plant and tag. */
async function instantsOf({ organisation, records, store }: StoredHouse) {
  const plants = await records.plants(organisation);
  const all = plants.map(async ({ id, code }) => {
    const devices = await records.devices(organisation, id);
    return Promise.all(
      devices.map(async (device) => [`${code}/${device.tag}`, await taken(device)] as const),
    );
  });
  return new Map<string, readonly number[]>((await Promise.all(all)).flat());

  async function taken({ id, announcement }: Device): Promise<number[]> {
    const points = announcement?.points.map(({ name }) => name) ?? [];
    const range = { organisation, devices: [id], points };
    const instants = new Set<number>();
    for await (const { at } of store.read({ ...range, from: earliestInstant, to: latestInstant })) {
      instants.add(at);
    }
    return [...instants];
  }
}

/** Once nothing is stored any more, all devices are shown as stale, though their gateways are connected (D-12). */
export async function judgeStale({ api, ingest }: FaultHouse): Promise<readonly string[]> {
  await ingest.stop();
  const shown = async () => (await pagesOf(api)).flatMap(({ devices }) => devices);
  const all = until("all devices to be shown as stale", async () => {
    const devices = await shown();
    return devices.length > 0 && devices.every(({ state }) => state !== "live" && state !== "late");
  });
  const late = await all.then(
    () => [],
    (error: unknown) => [String(error)],
  );
  const gateways = (await pagesOf(api)).flatMap((page) => page.gateways);
  const offline = gateways.filter(({ state }) => state !== "online").map(({ id }) => id);
  return [...late, ...offline.map((id) => `${id} is not connected, so that this says nothing`)];
}
