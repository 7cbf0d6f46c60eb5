import {
  type CommandDetail,
  type ConfiguredDevice,
  type DeviceSummary,
  devicePlace,
} from "@sunledger/model";

export type Document = Readonly<Record<string, unknown>>;

const prefixes: Readonly<Record<DeviceSummary["kind"], string>> = {
  inverter: "INV",
  meter: "METER",
  battery: "BATTERY",
  sensor: "SENSOR",
  logger: "LOGGER",
};

/** What a gateway says it polls now. */
export function presentDocument(command: CommandDetail | undefined): Document | undefined {
  const outcome = command?.outcome;
  return outcome?.state === "done" ? outcome.configuration : undefined;
}

/** A device as a document names it; what else is said of it stays as it was. */
export type PolledDevice = Pick<ConfiguredDevice, "tag" | "url" | "profile" | "ratios" | "points">;

/** The same document with these devices more, each in the place of what had its tag. */
export function withDevices(document: Document, devices: readonly PolledDevice[]): Document {
  const fresh = new Set(devices.map(({ tag }) => tag));
  const kept = devicesOf(document).filter(({ tag }) => !fresh.has(tag));
  return { ...document, devices: [...kept, ...devices] };
}

/** Where a document polls an address already, however it is written: the tag it has there. */
export function tagAt(document: Document | undefined, url: string): string | undefined {
  return tagsByPlace(document).get(placeOf(url));
}

/** The tag of each place that a document polls. */
export function tagsByPlace(document: Document | undefined): ReadonlyMap<string, string> {
  return new Map(devicesOf(document).map(({ url, tag }) => [placeOf(url), tag]));
}

/** The place of an address; what is none is a place of its own. */
export function placeOf(url: string): string {
  return devicePlace(url) ?? url;
}

/** The tags that a document polls. */
export function tagsOf(document: Document | undefined): ReadonlySet<string> {
  return new Set(devicesOf(document).map(({ tag }) => tag));
}

/** How a document polls the device of that tag. */
export function deviceAt(document: Document | undefined, tag: string): PolledDevice | undefined {
  return devicesOf(document).find((one) => one.tag === tag);
}

/** As a gateway tells them: it polls by them, so that they are whole. */
function devicesOf(document: Document | undefined): readonly PolledDevice[] {
  return Array.isArray(document?.devices) ? document.devices : [];
}

/** What somebody set by hand for the device that stood there, and another one may not be meant by. */
export function setByHand({ ratios, points }: Partial<PolledDevice>): string[] {
  const { include = [], exclude = [] } = points ?? {};
  return [
    ...Object.entries(ratios ?? {}).map(([name, ratio]) => `${name} = ${ratio}`),
    ...include.map((name) => `+ ${name}`),
    ...exclude.map((name) => `− ${name}`),
  ];
}

/** A tag that no device of the plant has: the next number of its kind. */
export function freeTag(kind: DeviceSummary["kind"], taken: readonly string[]): string {
  const known = new Set(taken);
  for (let number = 1; ; number += 1) {
    const tag = `${prefixes[kind]}-${String(number).padStart(2, "0")}`;
    if (!known.has(tag)) return tag;
  }
}
