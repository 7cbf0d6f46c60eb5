import type { CommandDetail, DeviceSummary } from "@sunledger/model";

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

/** The same document with one device more, or another one under that tag. */
export function withDevice(
  document: Document,
  device: { readonly tag: string; readonly url: string; readonly profile: string },
): Document {
  const before = Array.isArray(document.devices) ? document.devices : [];
  return { ...document, devices: [...before.filter((one) => one?.tag !== device.tag), device] };
}

/** Where a document polls an address already: the tag it has there. */
export function tagAt(document: Document | undefined, url: string): string | undefined {
  const devices = Array.isArray(document?.devices) ? document.devices : [];
  return devices.find((one) => one?.url === url)?.tag;
}

/** A tag that no device of the plant has: the next number of its kind. */
export function freeTag(kind: DeviceSummary["kind"], taken: readonly string[]): string {
  const known = new Set(taken);
  for (let number = 1; ; number += 1) {
    const tag = `${prefixes[kind]}-${String(number).padStart(2, "0")}`;
    if (!known.has(tag)) return tag;
  }
}
