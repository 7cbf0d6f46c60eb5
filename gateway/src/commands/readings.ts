import { addressOf, DeviceUrl } from "@sunledger/model/device-url";
import { type LineAddress, lineKey } from "@sunledger/model/line-address";
import type { Clock, Scope } from "@sunledger/runtime";
import type { LeaseLinks } from "../modbus/leased-links.ts";
import type { Links } from "../modbus/links.ts";
import type { DeviceConfig } from "../polling/device-config.ts";
import { isChosen } from "../polling/polled-point.ts";
import { takenHosts, whyTaken } from "../polling/taken-connections.ts";
import type { Profiles } from "../profiles/load-profiles.ts";
import { unfitFor } from "../profiles/speaks.ts";
import { readOnce, type Scan, UnknownDevice } from "../scan/scan-device.ts";
import { scanLines } from "../scan/scan-hosts.ts";
import { TargetError, targetOf, unitsOf } from "../scan/targets.ts";
import type { SunspecModels } from "../sunspec/models.ts";
import { deviceReading, foundUnit } from "./device-reading.ts";
import { Failure, failureOf } from "./failure.ts";
import { withGivenProfile } from "./given-profile.ts";
import { checkWithin } from "./networks.ts";
import type { InHand, OrderOf, Outcome } from "./order.ts";
import { Refusal } from "./refusal.ts";

export type ReadingParts = {
  readonly clock: Clock;
  readonly log: Scope["log"];
  readonly profiles: () => Profiles;
  readonly models: SunspecModels;
  /** A share in the gateway's connections. */
  readonly lease: LeaseLinks;
  /** What is polled now. */
  readonly devices: () => readonly DeviceConfig[];
  /** What may be searched; `undefined` where nothing may. */
  readonly networks: () => readonly string[] | undefined;
};

/** Reads a configured device now. */
export async function readNow(
  { device: tag, points }: OrderOf<"read">,
  hand: InHand,
  parts: ReadingParts,
): Promise<Outcome> {
  const config = parts.devices().find((one) => one.tag === tag);
  if (!config) throw new Refusal("unknownDevice", `this gateway polls no ${tag}`);
  const chosen = points?.filter((name) => isChosen(name, config.points));
  const profile = parts.profiles().get(config.profile);
  // What repeats in a SunSpec device goes beyond the names of its profile.
  const names = profile?.protocol === "modbus" && profile.points.map(({ name }) => name);
  const isAnyKnown = !names || !chosen || chosen.some((name) => names.includes(name));
  if (chosen?.length === 0 || !isAnyKnown) {
    throw new Refusal("unknownPoint", `none of ${points?.join(", ")} is read of ${tag}`);
  }
  hand.accepted();
  const wanted = { ...config, ...(chosen && { points: { include: [...chosen] } }) };
  return { reading: await readingOf(wanted, parts.profiles(), hand, parts) };
}

/** Reads a device that is not configured, by a profile that need not be installed. */
export async function testRead(
  { url, profile, points }: OrderOf<"test-read">,
  hand: InHand,
  parts: ReadingParts,
): Promise<Outcome> {
  const networks = parts.networks();
  if (!networks) throw onboardingOff();
  const address = DeviceUrl.safeParse(url);
  if (!address.success) {
    throw new Refusal("badTarget", `${url} ${address.error.issues[0]?.message}`);
  }
  const { line } = addressOf(url);
  checkWithin(line, networks);
  const given = withGivenProfile(profile, parts.profiles(), parts.models);
  const known = given.profiles.get(given.id);
  const unfit = known && unfitFor(line, known);
  if (unfit) throw new Refusal("badTarget", unfit);
  hand.accepted();
  const config: DeviceConfig = {
    ...{ tag: "test", url, profile: given.id },
    ...(points && { points: { include: points } }),
  };
  return { reading: await readingOf(config, given.profiles, hand, parts) };
}

/** Looks for devices, and tells each as it is found. */
export async function search(
  order: OrderOf<"scan">,
  hand: InHand,
  parts: ReadingParts,
): Promise<Outcome> {
  const networks = parts.networks();
  if (!networks) throw onboardingOff();
  const { lines, units } = searched(order);
  for (const line of lines) checkWithin(line, networks);
  hand.accepted();

  const { timeoutMs = 1_000, mostMs = usualMostMs } = order;
  const ending = AbortSignal.any([hand.signal, AbortSignal.timeout(mostMs)]);
  const counts = { done: 0, of: lines.length, answering: 0 };
  let found = 0;
  let unknown = 0;
  const taken = takenHosts(parts.devices(), parts.profiles());
  const inUse = new Set(parts.devices().map(({ url }) => lineKey(addressOf(url).line)));
  try {
    await scanLines(lines, {
      ...{ clock: parts.clock, log: parts.log, signal: ending, timeoutMs },
      ...{ profiles: parts.profiles(), models: parts.models, ...(units && { units }) },
      shared: (line) => (inUse.has(lineKey(line)) ? parts.lease() : undefined),
      // Who names a single line means it; a range is gone through without an eye on who is polled there.
      ...(lines.length > 1 && { taken: (line) => whyTaken(line, taken) }),
      onFound(scan: Scan) {
        found += 1;
        hand.progress({ found: foundUnit(scan), search: { ...counts } });
      },
      onUnknown({ url, reason }) {
        unknown += 1;
        hand.progress({ unknown: { url, reason: reason.slice(0, 300) }, search: { ...counts } });
      },
      onHost(done, answering) {
        Object.assign(counts, { done, answering });
        if (done % toldEach === 0) hand.progress({ search: { ...counts } });
      },
    });
  } catch (error) {
    // What was found by then has been told.
    if (!ending.aborted) throw failureOf(error);
    if (hand.signal.aborted) throw new Failure("cancelled", `the search found ${found} by then`);
  }
  return { search: { ...counts, found, unknown } };
}

const usualMostMs = 30 * 60_000;
/** Progress is told whenever so many hosts are done. */
const toldEach = 16;

function searched({ target: text, units: asked }: OrderOf<"scan">): {
  readonly lines: readonly LineAddress[];
  readonly units?: readonly number[];
} {
  try {
    const target = targetOf(text);
    const units = asked === undefined ? undefined : unitsOf(asked);
    if (target.kind === "device") {
      const { line, unit } = addressOf(target.url);
      const named = /[?&]unit=/.test(target.url) ? [unit] : undefined;
      const wanted = units ?? named;
      return { lines: [line], ...(wanted && { units: wanted }) };
    }
    const { hosts, port } = target;
    const lines = hosts.map((host) => ({ transport: "tcp" as const, host, port }));
    return { lines, ...(units && { units }) };
  } catch (error) {
    if (error instanceof TargetError) throw new Refusal("badTarget", error.message);
    throw error;
  }
}

async function readingOf(
  config: DeviceConfig,
  profiles: Profiles,
  { signal }: InHand,
  { clock, log, models, lease }: ReadingParts,
) {
  const links: Links = lease();
  try {
    const { url, profile } = config;
    const parts = { url, profile, config, profiles, models, clock, log, signal, links };
    return deviceReading(url, await readOnce(parts));
  } catch (error) {
    if (error instanceof UnknownDevice) throw new Failure("unknownDevice", error.message);
    throw failureOf(error);
  } finally {
    links.close();
  }
}

function onboardingOff(): Refusal {
  return new Refusal(
    "onboardingOff",
    "this gateway's own file does not allow to search for devices",
  );
}
