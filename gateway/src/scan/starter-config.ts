import type { DeviceKind } from "@sunledger/model";
import { addressOf } from "@sunledger/model/device-url";
import { unitUrl } from "@sunledger/model/line-address";
import { Document, type YAMLMap } from "yaml";
import { misfitOf, type Scan, type ScannedDevice } from "./scan-device.ts";

const tags: Readonly<Record<DeviceKind, string>> = {
  inverter: "INV",
  meter: "METER",
  battery: "BATTERY",
  sensor: "SENSOR",
  logger: "LOGGER",
};
/** Below this somebody should look before the values are believed. */
const sureEnough = 80;

/**
 * A gateway's configuration that polls what was found: a beginning to be looked over by people. Throws
 * where a device was read by a profile that is not its own.
 */
export function starterConfig(gateway: string, scans: readonly Scan[]): string {
  requireFit(scans);
  const counts = new Map<DeviceKind, number>();
  const found = scans.flatMap((scan) => scan.devices.map((device) => ({ scan, device })));
  const document = new Document({
    id: gateway,
    devices: found.map(({ scan, device }) => {
      const number = (counts.get(device.kind) ?? 0) + 1;
      counts.set(device.kind, number);
      const tag = `${tags[device.kind]}-${String(number).padStart(2, "0")}`;
      return { tag, url: urlOf(scan, device), profile: device.profile };
    }),
  });
  document.commentBefore =
    " Written by a scan. `place: { latitude, longitude }` lets the sun say when inverters may sleep.";
  const devices = document.get("devices") as { readonly items: YAMLMap[] };
  for (const [n, { scan, device }] of found.entries()) {
    const item = devices.items[n];
    if (item) item.commentBefore = ` ${remarkOf(scan, device)}`;
  }
  return document.toString();
}

function requireFit(scans: readonly Scan[]): void {
  const misfits = scans.flatMap((scan) =>
    scan.devices.flatMap((device) => {
      const misfit = misfitOf(scan, device);
      return misfit === undefined ? [] : [`${scan.url}: ${misfit}`];
    }),
  );
  if (misfits.length === 0) return;
  throw new Error(`not written, since ${misfits.join("; ")}. Scan without --profile to find one`);
}

function remarkOf(
  { alternatives }: Scan,
  { confidence, texts, mostConnections }: ScannedDevice,
): string {
  const name = ["id.manufacturer", "id.model", "id.serial"].flatMap((text) => texts[text] ?? []);
  const others = alternatives.map(({ profile, confidence }) => `${profile} ${confidence} %`);
  const doubt = confidence < sureEnough ? ["look at its values first"] : [];
  const or = others.length > 0 ? [`or ${others.join(", ")}`] : [];
  const few = mostConnections === 1 ? ["takes one connection: others want its proxy"] : [];
  return [name.join(" "), `${confidence} % sure`, ...doubt, ...or, ...few]
    .filter((part) => part !== "")
    .join(", ");
}

function urlOf({ url }: Scan, { chainDevice }: ScannedDevice): string {
  const { line, unit } = addressOf(url);
  return unitUrl(line, unit, chainDevice);
}
