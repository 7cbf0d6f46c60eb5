import type { DeviceReading, FoundUnit } from "@sunledger/model";
import { addressOf } from "@sunledger/model/device-url";
import { unitUrl } from "@sunledger/model/line-address";
import type { Scan, ScannedDevice } from "../scan/scan-device.ts";

/** Before it is packed: a broker takes 256 KB. */
const mostBytes = 200_000;
const longestText = 300;

/** A device that was read, as a result says it: no longer than one message takes. */
export function deviceReading(url: string, device: ScannedDevice, most = mostBytes): DeviceReading {
  const { profile, kind, confidence, texts, points, missing } = device;
  const reading: DeviceReading = {
    ...{ url, profile, kind, confidence },
    texts: cut(texts),
    points: points.map(({ words, ...point }) => ({
      ...point,
      ...(words && { words: [...words] }),
    })),
    missing: [...missing],
  };
  if (bytesOf(reading) <= most) return reading;
  const bare: DeviceReading = { ...reading, points: [], missing: [], shortened: true };
  let room = most - bytesOf(bare);
  const fitting = reading.points.filter((point) => {
    room -= bytesOf(point) + 1;
    return room >= 0;
  });
  return { ...bare, points: fitting };
}

/** What a search found at one address. */
export function foundUnit({ url, by, devices, alternatives }: Scan): FoundUnit {
  const { line, unit } = addressOf(url);
  const most = Math.floor(mostBytes / Math.max(1, devices.length));
  return {
    ...{ url, by },
    devices: devices.slice(0, 100).map((device, i) => {
      const own = devices.length > 1 ? unitUrl(line, unit, i + 1) : url;
      return deviceReading(own, device, most);
    }),
    alternatives: alternatives.slice(0, 10).map((guess) => ({ ...guess })),
  };
}

function cut(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, text.slice(0, longestText)]),
  );
}

function bytesOf(content: object): number {
  return Buffer.byteLength(JSON.stringify(content));
}
