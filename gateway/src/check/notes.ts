import { addressOf } from "@sunledger/model/device-url";
import type { GatewayConfig } from "../config.ts";
import { connections, takenHosts } from "../polling/taken-connections.ts";
import type { Profiles } from "../profiles/load-profiles.ts";

/** What works, and may yet not be as somebody meant it. */
export function notesOn(config: GatewayConfig, profiles: Profiles): string[] {
  return [...deviceNotes(config, profiles), ...connectionNotes(config, profiles)];
}

function deviceNotes({ devices, poll }: GatewayConfig, profiles: Profiles): string[] {
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

/** So many are named; of more it is told how many there are. */
const mostNamed = 3;

/** Devices that take no further connection than the gateway's, nor perhaps all of those. */
function connectionNotes({ devices }: GatewayConfig, profiles: Profiles): string[] {
  const hosts = [...takenHosts(devices, profiles)];
  const full = hosts.filter(([, { most, lines }]) => lines.size > most);
  const tooMany = full.map(
    ([host, { tag, most, lines }]) =>
      `${tag} takes ${connections(most)}, and ${lines.size} are opened to ${host}`,
  );
  const proxied = new Set(devices.flatMap(({ tag, proxy }) => (proxy ? [tag] : [])));
  const alone = hosts.flatMap(([, { tag, most, lines }]) =>
    most === lines.size && !proxied.has(tag) ? [tag] : [],
  );
  if (alone.length === 0) return tooMany;
  const named = alone.slice(0, mostNamed).join(", ");
  const more = alone.length > mostNamed ? ` and ${alone.length - mostNamed} more` : "";
  const take = alone.length === 1 ? "takes" : "take";
  return [...tooMany, `${named}${more} ${take} no other connection: others read through a proxy`];
}
