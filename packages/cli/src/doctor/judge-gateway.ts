import {
  type Device,
  freshnessOf,
  type GatewayStatus,
  type SleepWord,
  sleepHolds,
} from "@sunledger/model";
import { type Finding, unknown, well, wrong } from "./finding.ts";

export type Heard = {
  readonly id: string;
  readonly status: GatewayStatus | undefined;
  /** When it was heard, Unix milliseconds. */
  readonly heardAt: number | undefined;
  readonly devices: readonly Device[];
  /** When the newest stored value of a device was measured, by device; Unix milliseconds. */
  readonly newest: ReadonlyMap<string, number>;
  /** What time the house has. */
  readonly now: number;
  /** Why values may still be to come, where there is a reason. */
  readonly excuse: string | undefined;
};

/** While nobody watches, a gateway gathers frames for so long before it sends them. */
const lingerMs = 10_000;
/** A device that is polled oftener is judged as if it were not: a busy machine stores late. */
const shortestMs = 2_000;

/**
 * Whether a gateway's devices report: by what it says of its reach for them, and where it reaches them
 * by their values (D-12). One that sleeps in the dark has nothing to report, as long as the gateway's
 * word of it holds.
 */
export function judgeGateway(heard: Heard): Finding {
  const { id, status, devices, newest, now, excuse } = heard;
  const what = `gateway ${id}`;
  if (status === undefined) return unknown(what, "has never been heard");
  if (status.state === "offline") {
    if (excuse) return unknown(what, `offline: ${excuse}`);
    return wrong(what, "offline", "start it, and check its way to the broker");
  }
  const reachOf = ({ tag }: Device) => status.devices?.[tag];
  const holds = sleepHolds(wordOf({ ...heard, status }), now);
  const asleep = devices.filter((device) => holds && reachOf(device)?.state === "asleep");
  const lost = devices.filter((device) => reachOf(device)?.state === "unreachable");
  const mute = devices.filter(
    (device) => !asleep.includes(device) && !lost.includes(device) && isMute(device, newest, now),
  );
  if (lost.length + mute.length === 0) {
    const awake = devices.length - asleep.length;
    const reporting = awake === 1 ? "1 device reports" : `${awake} devices report`;
    const sleeping = asleep.length > 0 ? `, ${asleep.length} asleep` : "";
    return well(what, `online, ${reporting}${sleeping}`);
  }
  const reasons = lost.map((device) => `${device.tag} (${reachOf(device)?.reason ?? "no reason"})`);
  const parts = [
    ...(lost.length > 0 ? [`does not reach ${reasons.join(", ")}`] : []),
    ...(mute.length > 0
      ? [`without fresh values of ${mute.map(({ tag }) => tag).join(", ")}`]
      : []),
  ].join("; ");
  if (excuse) return unknown(what, `online, ${parts}: ${excuse}`);
  const advice = "check power and cabling of the devices, then the gateway's log";
  return wrong(what, `online, but ${parts}`, advice);
}

type Told = Heard & { readonly status: GatewayStatus };

function wordOf({ status, heardAt = Number.NEGATIVE_INFINITY, devices, newest }: Told): SleepWord {
  const polled = devices.map((device) => ({
    ...{ tag: device.tag, everyMs: expectedMsOf(device) },
    newestAt: newest.get(device.id) ?? null,
  }));
  return { status, saidAt: heardAt, polled, slackMs: lingerMs };
}

function isMute(device: Device, newest: ReadonlyMap<string, number>, now: number): boolean {
  const newestAt = newest.get(device.id) ?? null;
  const freshness = freshnessOf(newestAt, expectedMsOf(device), now - lingerMs);
  return freshness === "stale" || freshness === "never";
}

function expectedMsOf({ announcement }: Device): number {
  const everyMs = Math.min(...(announcement?.points ?? []).map((point) => point.everyMs));
  return Math.max(shortestMs, Number.isFinite(everyMs) ? everyMs : 60_000);
}
