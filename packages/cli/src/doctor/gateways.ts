import { balancesOf, type FrameStore, type Records } from "@sunledger/store";
import type { Finding } from "./finding.ts";
import { judgeBalance } from "./judge-balance.ts";
import { judgeDelivery } from "./judge-delivery.ts";
import { judgeGateway } from "./judge-gateway.ts";

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

/** Whether the devices of each gateway have reported lately, and how it delivers what they say. */
export async function checkGateways(parts: Parts): Promise<Finding[]> {
  const { records, store, organisation, now, excuse } = parts;
  const gateways = await records.gateways(organisation);
  const all = await records.devices(organisation);
  const findings: Finding[] = [];
  for (const { id, status, heardAt } of gateways) {
    const devices = all.filter(({ gateway }) => gateway === id);
    // A gateway without devices speaks for others' pasts: imports have no freshness.
    if (devices.length === 0) continue;
    const ids = devices.map((device) => device.id);
    const newest = new Map<string, number>();
    for (const { device, at } of await store.latest({
      organisation,
      devices: ids,
      now,
      lookBackMs,
    })) {
      newest.set(device, Math.max(at, newest.get(device) ?? at));
    }
    findings.push(judgeGateway({ id, status, heardAt, devices, newest, now, excuse }));
    if (!status) continue;
    findings.push(...judgeDelivery({ id, status }));
    const balances = await balancesOf(store, { organisation, gateway: id, status });
    findings.push(...judgeBalance(id, balances));
  }
  return findings;
}
