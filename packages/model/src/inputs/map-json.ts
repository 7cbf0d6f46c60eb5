import { decimalIn } from "../telemetry/decimal.ts";
import { readWrittenTime } from "../telemetry/written-time.ts";
import type { JsonMapping } from "./input-mapping.ts";
import { isExact, type Mapping, mapQuantities, toldBy } from "./mapped-values.ts";

/** The filter by which a broker hands over what the mapping is for. */
export function filterOf({ topic }: JsonMapping): string {
  return topic.replace("{device}", "+");
}

/** Whether a topic is one of the mapping's. */
export function isMapped({ topic }: JsonMapping, asked: string): boolean {
  const [levels, own] = [topic.split("/"), asked.split("/")];
  return (
    levels.length === own.length &&
    levels.every((level, i) => level === "+" || level === "{device}" || level === own[i])
  );
}

/** The values of one message, or why it cannot be used. */
export function mapJson(mapping: JsonMapping, topic: string, payload: string): Mapping {
  let content: unknown;
  try {
    content = parsedExactly(payload);
  } catch {
    return { ok: false, reason: "it is not JSON" };
  }
  const device = deviceOf(mapping, topic, content);
  if (device === undefined) return { ok: false, reason: "it does not say which device it is of" };
  const at = timeOf(mapping, content);
  if (at === "unreadable") return { ok: false, reason: `${mapping.at?.pointer} is no time` };
  const found = mapQuantities(mapping.values, (pointer) => toldBy(pointed(content, pointer)));
  if ("reason" in found) return { ok: false, reason: found.reason };
  return { ok: true, mapped: { device, ...(at !== undefined && { at }), lanes: found.lanes } };
}

/** As JSON.parse, but a number that is more exact than a binary one stays the text that it is written as. */
function parsedExactly(payload: string): unknown {
  if (!/\d[\d.]{15}/.test(payload)) return JSON.parse(payload);
  // ES2026: the reviver is told the source of a primitive; the compiler's library does not have it yet.
  const revive = (_key: string, value: unknown, context?: { readonly source?: string }) => {
    const source = context?.source;
    if (typeof value !== "number" || source === undefined) return value;
    const written = decimalIn(source);
    return written && !isExact(written, value) ? source : value;
  };
  return JSON.parse(payload, revive);
}

function deviceOf(mapping: JsonMapping, topic: string, content: unknown): string | undefined {
  const { device, devices = {} } = mapping;
  if (typeof device === "string") return device;
  const place = mapping.topic.split("/").indexOf("{device}");
  const name = device ? pointed(content, device.pointer) : topic.split("/")[place];
  if (typeof name !== "string" && typeof name !== "number") return undefined;
  const own = String(name);
  return Object.hasOwn(devices, own) ? devices[own] : own;
}

const msPer = { s: 1_000, ms: 1, us: 1e-3, ns: 1e-6 } as const;

function timeOf({ at }: JsonMapping, content: unknown): number | undefined | "unreadable" {
  if (!at) return undefined;
  const told = pointed(content, at.pointer);
  if (at.unit === "iso") {
    const written = typeof told === "string" ? readWrittenTime(told) : "unreadable";
    if (typeof written === "string" || written.offset === undefined) return "unreadable";
    return Math.floor(written.wall - written.offset);
  }
  const number = typeof told === "string" && told.trim() !== "" ? Number(told) : told;
  if (typeof number !== "number" || !Number.isFinite(number)) return "unreadable";
  return Math.round(number * msPer[at.unit]);
}

/** What a JSON pointer points at (RFC 6901); `undefined` where there is nothing. */
function pointed(content: unknown, pointer: string): unknown {
  let found = content;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[key];
  }
  return found;
}
