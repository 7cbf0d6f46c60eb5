import { SiteConfiguration } from "@sunledger/model";
import { GatewayConfig } from "../config.ts";
import type { Profiles } from "../profiles/load-profiles.ts";
import { type Fault, pathText } from "../site-file/fault.ts";
import { ruleFaults } from "../site-file/rules.ts";
import { shapeFaults } from "../site-file/shape-faults.ts";

/** What of a gateway's configuration can be pushed: what can change while it runs. */
export const pushableKeys = ["place", "poll", "devices"] as const;

export type JudgedDocument =
  | { readonly config: GatewayConfig }
  /** Every fault, with its place in the document. */
  | { readonly reasons: readonly string[] };

const mostReasons = 50;
const longestReason = 500;

/**
 * The configuration of a gateway that lives by a pushed document. What the document leaves out has its
 * default; what is the gateway's own stays as its file has it, and no document may name it.
 */
export function judgeDocument(
  document: Readonly<Record<string, unknown>>,
  own: GatewayConfig,
  profiles: Profiles,
): JudgedDocument {
  const content = { ...ownPart(own), ...document };
  const foreign = Object.keys(document).filter((key) => !(key in SiteConfiguration.shape));
  const faults = [
    ...foreign.map(foreignFault),
    ...proxyFaults(document),
    ...shapeFaults(content),
    ...ruleFaults(content, profiles),
  ];
  if (faults.length === 0) return { config: withProxies(GatewayConfig.parse(content), own) };
  const said = [...new Set(faults.map(wordsOf))];
  return { reasons: said.slice(0, mostReasons).map((text) => text.slice(0, longestReason)) };
}

/** What a configuration says of what can be pushed. */
export function pushablePart(config: GatewayConfig): Record<string, unknown> {
  const { place, poll, devices } = config;
  const bare = devices.map(({ proxy: _proxy, ...device }) => device);
  return { ...(place && { place }), poll, devices: bare };
}

/** Who listens in the plant's network is said by the plant's own file. */
function proxyFaults({ devices }: Readonly<Record<string, unknown>>): Fault[] {
  if (!Array.isArray(devices)) return [];
  return devices.flatMap((device: unknown, i): Fault[] => {
    const has = typeof device === "object" && device !== null && "proxy" in device;
    const reason = "belongs to the gateway's own file";
    return has ? [{ path: ["devices", i, "proxy"], isName: true, reason }] : [];
  });
}

/** A device that the own file has at the same address keeps its proxy. */
function withProxies(config: GatewayConfig, own: GatewayConfig): GatewayConfig {
  const devices = config.devices.map((device) => {
    const { proxy } =
      own.devices.find(({ tag, url }) => tag === device.tag && url === device.url) ?? {};
    return proxy ? { ...device, proxy } : device;
  });
  return { ...config, devices };
}

function ownPart(own: GatewayConfig): Record<string, unknown> {
  const { place: _place, poll: _poll, devices: _devices, ...rest } = own;
  return rest;
}

function foreignFault(key: string): Fault {
  const isOwn = key in GatewayConfig.shape;
  const reason = isOwn ? "belongs to the gateway's own file" : "there is no such key";
  return { path: [key], reason, advice: `a document has ${pushableKeys.join(", ")}` };
}

function wordsOf({ path, reason, advice }: Fault): string {
  return `${pathText(path)}: ${reason}${advice ? ` – ${advice}` : ""}`;
}
