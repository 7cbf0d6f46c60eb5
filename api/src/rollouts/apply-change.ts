import type { RolloutChange } from "@sunledger/model";

export type Document = Readonly<Record<string, unknown>>;

/** The document with the change; `undefined` where there is nothing to change. */
export function applyChange(document: Document, change: RolloutChange): Document | undefined {
  const next = changed(document, change);
  return JSON.stringify(next) === JSON.stringify(document) ? undefined : next;
}

/** What was set by hand for the old profile and stands above the new one: nobody but a person can tell whether it fits. */
export function setByHand({ devices }: Document, change: RolloutChange): readonly string[] {
  if (change.kind !== "profile" || !Array.isArray(devices)) return [];
  return devices.flatMap(({ tag, profile, ratios }) => {
    if (profile !== change.from || !ratios) return [];
    const set = Object.entries(ratios).map(([name, ratio]) => `${name} ${ratio}`);
    return [`${tag} keeps what was set by hand: ${set.join(", ")}`];
  });
}

function changed(document: Document, change: RolloutChange): Document {
  if (change.kind === "poll") return { ...document, poll: { ...change.poll } };
  const { from, to } = change;
  const devices = Array.isArray(document.devices) ? document.devices : [];
  const readAnew = (device: { readonly profile?: unknown }) =>
    device?.profile === from ? { ...device, profile: to } : device;
  return { ...document, devices: devices.map(readAnew) };
}
