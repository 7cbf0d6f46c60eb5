import type { RolloutChange } from "@sunledger/model";

export type Document = Readonly<Record<string, unknown>>;

/** The document with the change; `undefined` where there is nothing to change. */
export function applyChange(document: Document, change: RolloutChange): Document | undefined {
  const next = changed(document, change);
  return JSON.stringify(next) === JSON.stringify(document) ? undefined : next;
}

function changed(document: Document, change: RolloutChange): Document {
  if (change.kind === "poll") return { ...document, poll: { ...change.poll } };
  const { from, to } = change;
  const devices = Array.isArray(document.devices) ? document.devices : [];
  const readAnew = (device: { readonly profile?: unknown }) =>
    device?.profile === from ? { ...device, profile: to } : device;
  return { ...document, devices: devices.map(readAnew) };
}
