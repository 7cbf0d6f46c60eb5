import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadProfiles } from "../../gateway/src/profiles/load-profiles.ts";
import { readGatewayConfig } from "../../gateway/src/site-file/read-gateway-config.ts";
import { loadSunspecModels, sunspecPointNames } from "../../gateway/src/sunspec/models.ts";
import type { TestHouse } from "./house.ts";

/** A request to a device that a gateway gave up for want of an answer, as its log tells (level debug). */
export type Unanswered = {
  /** Plant and tag. */
  readonly device: string;
  /** When it was given up, Unix milliseconds. */
  readonly at: number;
};

/** No answer in time, or a connection that was closed over that. */
const kinds = ["timeout", "connection"];

/** All that a log tells of; `deviceOn` says whose the line is. */
export function unansweredIn(
  log: string,
  deviceOn: (line: string) => string | undefined,
): Unanswered[] {
  return log.split("\n").flatMap((text) => {
    if (!text.includes('"request failed"')) return [];
    const { time, line, err } = JSON.parse(text) as FailedRequest;
    const device = deviceOn(line);
    return device !== undefined && kinds.includes(err.kind) ? [{ device, at: time }] : [];
  });
}

type FailedRequest = {
  readonly time: number;
  readonly line: string;
  readonly err: { readonly kind: string };
};

/** What the gateways of a house have told, which was started with `tellsRequests`. */
export function unansweredOf({ dataDir, programs }: TestHouse): Unanswered[] {
  const folder = join(dataDir, "gateways");
  const profiles = loadProfiles({ sunspec: sunspecPointNames(loadSunspecModels()) });
  return readdirSync(folder).flatMap((file) => {
    const { id, devices } = readGatewayConfig(join(folder, file), profiles);
    const plant = id.replace(/-gw$/, "");
    const lines = new Map(
      devices.map(({ tag, url }) => [url.replace(/\?.*$/, ""), `${plant}/${tag}`]),
    );
    if (!programs().some(({ name }) => name === id)) return [];
    const log = readFileSync(join(dataDir, "logs", `${id}.log`), "utf8");
    return unansweredIn(log, (line) => lines.get(line));
  });
}

/** With these settings a gateway tells of each request that was not answered. */
export const tellsRequests = { SUNLEDGER_LOG_LEVEL: "debug" };
