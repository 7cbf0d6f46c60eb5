import type { DeviceKind, Flag, Value } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import { addressOf, type DeviceAddress } from "../modbus/device-url.ts";
import type { LinkLog } from "../modbus/link.ts";
import { modbusLinks } from "../modbus/links.ts";
import { requestMannersOf } from "../polling/device-limits.ts";
import { chainRulesOf } from "../polling/identify.ts";
import { openDevice } from "../polling/open-device.ts";
import { pollClasses } from "../polling/poll-class.ts";
import type { Profiles } from "../profiles/load-profiles.ts";
import { type ChainModel, walkChain } from "../sunspec/chain.ts";
import type { SunspecModels } from "../sunspec/models.ts";
import { fittingProfiles, vendorProfile } from "./fitting-profile.ts";
import { searchingReads } from "./searching-reads.ts";

/** What a scan found at an address. */
export type Scan = {
  readonly url: string;
  readonly by: "sunspec" | "identity" | "plausible values" | "given profile";
  readonly sunspec?: { readonly base: number; readonly remark?: string };
  readonly devices: readonly ScannedDevice[];
  /** Other profiles that would fit as well. */
  readonly alternatives: readonly string[];
};

export type ScannedDevice = {
  readonly profile: string;
  readonly kind: DeviceKind;
  readonly models?: readonly ScannedModel[];
  readonly texts: Readonly<Record<string, string>>;
  readonly points: readonly ScannedPoint[];
  /** Points that the profile names and this device does not have. */
  readonly missing: readonly string[];
};

export type ScannedModel = ChainModel & { readonly name?: string };

export type ScannedPoint = {
  readonly point: string;
  readonly value: Value;
  readonly unit: string;
  readonly flag?: Flag;
  /** A state's code in words. */
  readonly label?: string;
  readonly source?: string;
};

export type ScanParts = {
  readonly url: string;
  /** Read by this profile instead of finding one. */
  readonly profile?: string;
  readonly profiles: Profiles;
  readonly models: SunspecModels;
  readonly clock: Clock;
  readonly log: LinkLog;
  readonly trace?: (direction: "sent" | "got", bytes: Buffer) => void;
  readonly signal: AbortSignal;
};

/** A device answers, but nothing that is known fits it. */
export class UnknownDevice extends Error {
  override readonly name = "UnknownDevice";
}

/** Finds out what answers at an address, and reads it once. Rejects with what stands in the way. */
export async function scanDevice(parts: ScanParts): Promise<Scan> {
  const { url, clock, log, trace, signal } = parts;
  const address = addressOf(url);
  const links = modbusLinks({ clock, log, ...(trace && { trace }) });
  const link = links.to(address);
  const generic = parts.profiles.get("sunspec");
  if (!generic) throw new Error("the profile sunspec is not shipped");
  const manners = requestMannersOf(generic, address.unit);
  const read = searchingReads((span) => link.read(span, manners, signal));
  const readAs = (profile: string, chainDevice: number) =>
    readOnce({ ...parts, links, profile, url: urlOf(address, chainDevice) });

  try {
    if (parts.profile !== undefined) {
      const device = await readAs(parts.profile, address.chainDevice);
      return { url, by: "given profile", devices: [device], alternatives: [] };
    }
    const chain = await walkChain(read, chainRulesOf(generic));
    if (chain) {
      const devices: ScannedDevice[] = [];
      for (const [i, models] of chain.devices.entries()) {
        const first = await readAs("sunspec", i + 1);
        const vendor = vendorProfile(first.texts, parts.profiles);
        const device = vendor ? await readAs(vendor, i + 1) : first;
        devices.push({ ...device, models: models.map((m) => named(m, parts.models)) });
      }
      const { base, remark } = chain;
      const sunspec = remark === undefined ? { base } : { base, remark };
      return { url, by: "sunspec", sunspec, devices, alternatives: [] };
    }
    const { by, ids } = await fittingProfiles(parts.profiles, read);
    const [best, ...alternatives] = ids;
    if (best === undefined) {
      throw new UnknownDevice("it answers, but has no SunSpec map and fits no known profile");
    }
    return { url, by, devices: [await readAs(best, 1)], alternatives };
  } finally {
    links.close();
  }
}

type ReadParts = ScanParts & {
  readonly links: ReturnType<typeof modbusLinks>;
  readonly profile: string;
};

async function readOnce(parts: ReadParts): Promise<ScannedDevice> {
  const { url, profile, clock, signal } = parts;
  const device = openDevice({
    ...parts,
    config: { tag: "scan", url, profile },
    classes: { fast: 1_000, normal: 1_000, slow: 1_000 },
  });
  const polled = await device.poll(clock.now(), new Set(pollClasses), signal);
  const announcement = device.announcement();
  if (!announcement) throw new Error("the device was read without being announced");
  const points = polled.flatMap(({ points, values, quality = {} }) =>
    points.map((point, i): ScannedPoint => {
      const { unit = "", source, states } = announcement.points.find((p) => p.name === point) ?? {};
      const value = values[i] ?? null;
      const flag = quality[i];
      const label = states?.[String(value)];
      return {
        point,
        value,
        unit,
        ...(flag && { flag }),
        ...(label !== undefined && { label }),
        ...(source !== undefined && { source }),
      };
    }),
  );
  const { kind, texts } = announcement;
  return { profile, kind, texts, points, missing: device.figures().missing };
}

function named(model: ChainModel, models: SunspecModels): ScannedModel {
  const group = models.get(model.id)?.group;
  return group ? { ...model, name: group.label ?? group.name } : model;
}

function urlOf({ host, port, unit }: DeviceAddress, chainDevice: number): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return `tcp://${name}:${port}?unit=${unit}&device=${chainDevice}`;
}
