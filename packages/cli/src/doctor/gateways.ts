import { type Device, freshnessOf } from "@sunledger/model";
import type { FrameStore, Records } from "@sunledger/store";
import { type Finding, unknown, well, wrong } from "./finding.ts";

type Parts = {
  readonly records: Records;
  readonly store: FrameStore;
  readonly organisation: string;
  /** What time the house has. */
  readonly now: number;
  /** Why values may still be to come, where there is a reason. */
  readonly excuse: string | undefined;
};

const lookBackMs = 24 * 60 * 60 * 1_000;
/** While nobody watches, a gateway gathers frames for so long before it sends them. */
const lingerMs = 10_000;

/** Whether the devices of each gateway have reported lately, by their own intervals (D-12). */
export async function checkGateways(parts: Parts): Promise<Finding[]> {
  const { records, organisation } = parts;
  const gateways = await records.gateways(organisation);
  const devices = await records.devices(organisation);
  const findings: Finding[] = [];
  for (const { id, status } of gateways) {
    const polled = devices.filter(({ gateway }) => gateway === id);
    // A gateway without devices speaks for others' pasts: imports have no freshness.
    if (polled.length > 0) findings.push(await checkGateway(id, status?.state, polled, parts));
  }
  return findings;
}

async function checkGateway(
  id: string,
  state: "online" | "offline" | undefined,
  devices: readonly Device[],
  { store, organisation, now, excuse }: Parts,
): Promise<Finding> {
  const what = `gateway ${id}`;
  if (state === undefined) return unknown(what, "has never been heard");
  if (state === "offline") {
    if (excuse) return unknown(what, `offline: ${excuse}`);
    return wrong(what, "offline", "start it, and check its way to the broker");
  }
  const ids = devices.map((device) => device.id);
  const values = await store.latest({ organisation, devices: ids, now, lookBackMs });
  const old = devices.filter((device) => {
    const newest = values.filter((value) => value.device === device.id).map(({ at }) => at);
    const everyMs = Math.min(...(device.announcement?.points ?? []).map((point) => point.everyMs));
    const at = newest.length > 0 ? Math.max(...newest) : null;
    const expectedMs = Math.max(lingerMs, Number.isFinite(everyMs) ? everyMs : 60_000);
    const freshness = freshnessOf(at, expectedMs, now);
    return freshness === "stale" || freshness === "never";
  });
  if (old.length === 0) return well(what, `online, ${devices.length} devices report`);
  const tags = old.map(({ tag }) => tag).join(", ");
  if (excuse) return unknown(what, `online, values of ${tags} are to come: ${excuse}`);
  const advice = "check power and cabling of the devices, then the gateway's log";
  return wrong(what, `online, but without fresh values of ${tags}`, advice);
}
