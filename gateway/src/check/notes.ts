import type { GatewayConfig } from "../config.ts";
import { addressOf } from "../modbus/device-url.ts";
import type { Profiles } from "../profiles/load-profiles.ts";

/** What works, and may yet not be as somebody meant it. */
export function notesOn({ devices, poll }: GatewayConfig, profiles: Profiles): string[] {
  const shortestMs = Math.min(poll.fastMs, poll.normalMs, poll.slowMs);
  return devices.flatMap(({ tag, url, profile: id }) => {
    const profile = profiles.get(id);
    if (!profile) return [];
    const leastMs = profile.limits.minPollMs ?? 0;
    return [
      ...(leastMs > shortestMs ? [`${tag} is polled each ${leastMs} ms at most: ${id}`] : []),
      ...(addressOf(url).line.transport === "tcp" && !profile.transport.tcp
        ? [`${tag} is known on a serial line: tcp:// wants a converter that speaks Modbus TCP`]
        : []),
    ];
  });
}
