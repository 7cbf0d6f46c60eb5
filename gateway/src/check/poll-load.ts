import { cataloguePoint } from "@sunledger/model/points";
import type { GatewayConfig } from "../config.ts";
import { intervalOf } from "../polling/device-limits.ts";
import { isChosen } from "../polling/polled-point.ts";
import type { KnownProfile, Profiles } from "../profiles/load-profiles.ts";
import { lineOf } from "../site-file/line-of.ts";

/** What a configuration comes to: rates a second. */
export type PollLoad = {
  readonly devices: number;
  readonly lines: ReadonlyMap<string, LineLoad>;
  readonly polls: number;
  /** At most: a SunSpec device has but a part of the points that its profile knows. */
  readonly values: number;
};

export type LineLoad = { readonly devices: number; readonly polls: number };

/** How often devices are polled over each line, and how many values that gives. */
export function pollLoad(config: GatewayConfig, profiles: Profiles): PollLoad {
  const lines = new Map<string, LineLoad>();
  let values = 0;
  for (const device of config.devices) {
    const profile = profiles.get(device.profile);
    if (!profile) continue;
    const load = deviceLoad(device, profile, config.poll);
    values += load.values;
    const line = lineOf(device.url);
    const before = lines.get(line) ?? { devices: 0, polls: 0 };
    lines.set(line, { devices: before.devices + 1, polls: before.polls + load.polls });
  }
  const polls = [...lines.values()].reduce((sum, line) => sum + line.polls, 0);
  return { devices: config.devices.length, lines, polls, values };
}

type Device = GatewayConfig["devices"][number];

function deviceLoad(device: Device, profile: KnownProfile, poll: GatewayConfig["poll"]) {
  const classes = { fast: poll.fastMs, normal: poll.normalMs, slow: poll.slowMs };
  const everyMs = new Map<string, number>();
  for (const point of profile.points) {
    // What is asked for once a day weighs nothing.
    if (point.poll === "never" || point.poll === "once" || point.access === "w") continue;
    if (!isChosen(point.name, device.points)) continue;
    if (cataloguePoint(point.name)?.kind === "text") continue;
    everyMs.set(point.name, intervalOf(point.poll, classes, profile));
  }
  const intervals = [...everyMs.values()];
  return {
    // The slots of the rarer classes fall on those of the most frequent one, as a rule.
    polls: intervals.length > 0 ? 1_000 / Math.min(...intervals) : 0,
    values: intervals.reduce((sum, ms) => sum + 1_000 / ms, 0),
  };
}
