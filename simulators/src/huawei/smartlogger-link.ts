import type { RegisterImage } from "../registers/image.ts";
import { registerImage } from "../registers/image.ts";
import type { RegisterRow, RegisterTable } from "../registers/register.ts";

/** What a SmartLogger knows of a device behind it. */
export type LoggerLink = {
  readonly tag: string;
  readonly unit: number;
  /** Whether the device does not answer the logger. */
  readonly lost: boolean;
};

const first = 65_510;
const online = 0xb001;
const notConnected = 0xb000;
const gone = 11;

/**
 * A device as it is seen through a SmartLogger: its own registers, and above them the logger's word
 * about it, which stays while the device is gone. Port, address, name and state after nodes for the
 * SmartLogger3000; serial number and type after the profile's `doc`.
 */
export function behindSmartlogger(image: RegisterImage, link: LoggerLink): RegisterImage {
  const own = registerImage(linkTable(link), {});
  return {
    values: image.values,
    read(start, count, readBy) {
      if (start >= first) return own.read(start, count, readBy);
      return link.lost ? gone : image.read(start, count, readBy);
    },
  };
}

export function linkTable({ tag, unit, lost }: LoggerLink): RegisterTable {
  return {
    source:
      "github:Edward-Tollemache/n8n-nodes-huaweisolar@b1d936be9b2c7d17f878fb5c2fa66b8e3fd97530:nodes/utils/smartlogger-functions.ts",
    readBy: 3,
    blocks: [[first, 65_535]],
    mostPerRead: 25,
    rows: [
      text(65_510, `SL-${tag}`),
      word(65_520, 0),
      word(65_522, 1),
      word(65_523, unit),
      text(65_524, tag),
      word(65_534, lost ? notConnected : online),
    ],
  };
}

function word(address: number, fixed: number): RegisterRow {
  return { address, type: "uint16", words: 1, scale: 1, fixed };
}

function text(address: number, fixed: string): RegisterRow {
  return { address, type: "string", words: 10, scale: 1, fixed };
}
