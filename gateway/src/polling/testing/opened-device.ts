import type { Place } from "@sunledger/model/performance";
import { drivenClock, systemClock } from "@sunledger/runtime";
import { patient } from "../../../../tests/support/patient.ts";
import { modbusLinks } from "../../modbus/links.ts";
import { type RegisterServer, registerServer } from "../../modbus/testing/register-server.ts";
import { loadProfiles } from "../../profiles/load-profiles.ts";
import { loadSunspecModels, sunspecPointNames } from "../../sunspec/models.ts";
import {
  deviceImage,
  type ImageOptions,
  type ModelImage,
} from "../../sunspec/testing/device-image.ts";
import type { Device } from "../device.ts";
import type { DeviceConfig } from "../device-config.ts";
import { openDevice } from "../open-device.ts";
import { type PollClass, pollClasses } from "../poll-class.ts";
import type { Polled } from "../polled.ts";

const models = loadSunspecModels();
export const profiles = loadProfiles({ sunspec: sunspecPointNames(models) });
export const start = Date.UTC(2026, 5, 1);
export const never = new AbortController().signal;
const closing: (() => unknown)[] = [];

/** Closes what the test has opened. */
export async function closeAll(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}

export const common = { ID: 1, Mn: "Maker", Md: "Model 9", SN: "S-1" };
export const inverter = {
  ID: 103,
  ...{ A: 1_234, A_SF: -2, AphA: 411, W: 7_654, W_SF: 1, WH: 123_456, WH_SF: 2, Hz: 5_001 },
  ...{ Hz_SF: -2, St: 4, Evt1: 0, TmpCab: 455, Tmp_SF: -1, PhVphA: 2_301, V_SF: -1 },
};

type Opening = {
  /** Where the device stands. */
  readonly place?: Place;
  readonly more?: string;
  readonly config?: Partial<DeviceConfig>;
  readonly image?: ImageOptions;
  readonly responseTimeoutMs?: number;
};

/** What a device has to answer that is silent on purpose. */
export const soonMs = 500;

/** A device that serves these models, and a poll of it. */
export async function sunspecDevice(images: readonly ModelImage[], opening: Opening = {}) {
  const server = await served();
  for (const [at, word] of deviceImage(images, opening.image)) server.holding.set(at, word);
  const url = `${server.url}${opening.more ?? ""}`;
  const config = { profile: "sunspec", ...opening.config };
  return withPoll(server, opened(url, config, linksOf(), opening.place, opening.responseTimeoutMs));
}

/** A device of empty registers that is read by a profile of its own. */
export async function profileDevice(
  profile: string,
  config: Partial<DeviceConfig> = {},
  place?: Place,
  responseTimeoutMs?: number,
) {
  const server = await served();
  const device = opened(server.url, { profile, ...config }, linksOf(), place, responseTimeoutMs);
  return withPoll(server, device);
}

function withPoll(server: RegisterServer, device: Device) {
  const poll = ({
    slot = start,
    due = pollClasses,
  }: {
    slot?: number;
    due?: readonly PollClass[];
  } = {}) => device.poll(slot, new Set(due), never);
  return { server, device, poll };
}

export async function served() {
  const server = await registerServer();
  closing.push(() => server.close());
  return server;
}

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet };

export function linksOf() {
  const links = modbusLinks({ clock: systemClock(), log });
  closing.push(() => links.close());
  return links;
}

export function opened(
  url: string,
  config: Partial<DeviceConfig> & { profile: string },
  links = linksOf(),
  place?: Place,
  responseTimeoutMs: number = patient.timeout,
  memory?: unknown,
): Device {
  return openDevice({
    config: { tag: "INV-01", url, ...config },
    profiles: withoutDelays(responseTimeoutMs),
    models,
    links,
    clock: drivenClock(start),
    classes: { fast: 1_000, normal: 10_000, slow: 60_000 },
    log,
    place,
    memory,
  });
}

/** The profiles without the pauses and the patience that real devices need. */
function withoutDelays(responseTimeoutMs: number) {
  return new Map(
    [...profiles].map(([id, profile]) => {
      const quick = { connectDelayMs: 0, minRequestIntervalMs: 0, responseTimeoutMs };
      const limits = { ...profile.limits, ...quick };
      return [id, { ...profile, limits }] as const;
    }),
  );
}

/** Value or flag of each point, by name. */
export function valuesOf(polled: readonly Polled[]): Record<string, unknown> {
  return Object.fromEntries(
    polled.flatMap(({ points, values, quality }) =>
      points.map((point, i) => [point, values[i] ?? quality?.[i]]),
    ),
  );
}
