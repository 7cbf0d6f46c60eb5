import type { LineAddress } from "@sunledger/model/line-address";
import type { DeviceProfile } from "@sunledger/model/profile";
import type { BlockRules } from "../modbus/blocks.ts";
import type { LineManners } from "../modbus/line-manners.ts";
import { worthwhileGap } from "../modbus/line-time.ts";
import type { RequestManners } from "../modbus/link.ts";
import type { PollClass, PollIntervals } from "./poll-class.ts";

/**
 * Where a profile does not say how many unwanted registers to cross: over TCP a request more costs
 * as much time as some hundred registers, and a map without a limit of its own has no holes.
 */
const defaultGap = 64;
const defaultTimeoutMs = 3_000;
const defaultBusyRetry = { exceptions: [5, 6], count: 2, waitMs: 500 };
const oneDay = 86_400_000;

/** The profile's limit binds; where bytes take time, fewer registers are crossed than a request costs. */
export function rulesOf({ limits, unreadable = [] }: DeviceProfile, line: LineAddress): BlockRules {
  const { maxRegistersPerRead, maxGap = defaultGap, alignRegisters, minRequestIntervalMs } = limits;
  return {
    maxRegisters: maxRegistersPerRead,
    maxGap: Math.min(maxGap, worthwhileGap(line, minRequestIntervalMs ?? 0)),
    ...(alignRegisters !== undefined && { alignRegisters }),
    unreadable: unreadable.map(({ kind, address, length }) => ({
      kind,
      start: address,
      end: address + length,
    })),
  };
}

const stricter = {
  ...{ maxRegistersPerRead: Math.min, maxRegistersPerWrite: Math.min, maxGap: Math.min },
  ...{ connectDelayMs: Math.max, minRequestIntervalMs: Math.max, responseTimeoutMs: Math.max },
  ...{ minPollMs: Math.max, maxConnections: Math.min, idleDisconnectMs: Math.min },
} as const;

/** With the limits of the master that it stands behind: those bind the whole connection (profile rule 17). */
export function limitedBy(
  profile: DeviceProfile,
  master: DeviceProfile | undefined,
): DeviceProfile {
  if (!master) return profile;
  const { limits: own } = profile;
  const { limits: its, children } = master;
  const window = Math.min(own.maxRequestsInFlight ?? 1, its.maxRequestsInFlight ?? 1);
  const limits = { ...its, ...own, maxRequestsInFlight: window };
  for (const name of Object.keys(stricter) as (keyof typeof stricter)[]) {
    const [one, other] = [own[name], its[name]];
    if (one !== undefined && other !== undefined) limits[name] = stricter[name](one, other);
  }
  return { ...profile, limits, ...(children && { children }) };
}

export function lineMannersOf({ limits, children }: DeviceProfile): LineManners {
  const { connectDelayMs = 0, minRequestIntervalMs = 0, maxRequestsInFlight: window = 1 } = limits;
  const { idleDisconnectMs } = limits;
  return {
    ...{ connectDelayMs, minRequestIntervalMs, window },
    ...(idleDisconnectMs !== undefined && { idleDisconnectMs }),
    broadcastForbidden: children?.broadcastForbidden === true,
  };
}

export function requestMannersOf({ limits }: DeviceProfile, unit: number): RequestManners {
  const { responseTimeoutMs = defaultTimeoutMs, busyRetry = defaultBusyRetry } = limits;
  return { unit, responseTimeoutMs, busyRetry };
}

/** What intervals are multiples of: the classes of a device keep to one clock, which beats no faster. */
const gridMs = 100;

/** The interval of a class, never below what the device stands. */
export function intervalOf(
  pollClass: PollClass,
  classes: PollIntervals,
  { limits }: DeviceProfile,
): number {
  if (pollClass === "once") return oneDay;
  return Math.ceil(Math.max(classes[pollClass], limits.minPollMs ?? 0) / gridMs) * gridMs;
}
