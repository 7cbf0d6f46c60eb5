import { addressOf } from "@sunledger/model/device-url";
import { type LineAddress, lineKey } from "@sunledger/model/line-address";
import type { Profiles } from "../profiles/load-profiles.ts";
import type { DeviceConfig } from "./device-config.ts";

/** A host whose device takes so many connections, and the lines that the gateway has to it. */
export type TakenHost = {
  /** The device that takes the fewest. */
  readonly tag: string;
  readonly most: number;
  readonly lines: ReadonlySet<string>;
};

/**
 * The hosts whose devices take a limited number of connections. A further one is refused, or ends one that is
 * there (gateway trait 19). What stands behind a converter's own frames is not asked: there the converter decides.
 */
export function takenHosts(
  devices: readonly Pick<DeviceConfig, "tag" | "url" | "profile">[],
  profiles: Profiles,
): ReadonlyMap<string, TakenHost> {
  const lines = new Map<string, Set<string>>();
  const fewest = new Map<string, { readonly tag: string; readonly most: number }>();
  for (const { tag, url, profile } of devices) {
    const { line } = addressOf(url);
    const host = hostOf(line);
    if (host === undefined) continue;
    lines.set(host, (lines.get(host) ?? new Set()).add(lineKey(line)));
    const most = profiles.get(profile)?.limits.maxConnections;
    const before = fewest.get(host)?.most ?? Number.POSITIVE_INFINITY;
    if (line.transport === "tcp" && most !== undefined && most < before) {
      fewest.set(host, { tag, most });
    }
  }
  return new Map(
    [...fewest].map(([host, limit]) => [host, { ...limit, lines: lines.get(host) ?? new Set() }]),
  );
}

/** Why a line may not be opened beside those that are polled; `undefined` where it may be. */
export function whyTaken(
  line: LineAddress,
  taken: ReadonlyMap<string, TakenHost>,
): string | undefined {
  const host = taken.get(hostOf(line) ?? "");
  if (!host || host.lines.has(lineKey(line)) || host.lines.size < host.most) return undefined;
  return `${host.tag} is polled there, and takes ${connections(host.most)}`;
}

/** `1 connection`, `2 connections`. */
export function connections(most: number): string {
  return most === 1 ? "1 connection" : `${most} connections`;
}

function hostOf(line: LineAddress): string | undefined {
  return line.transport === "serial" ? undefined : line.host.toLowerCase();
}
