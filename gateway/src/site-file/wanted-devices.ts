import { ConfigError } from "@sunledger/runtime";
import type { GatewayConfig } from "../config.ts";
import type { Links } from "../modbus/links.ts";
import type { Device } from "../polling/device.ts";
import type { DeviceConfig } from "../polling/device-config.ts";
import type { WantedDevice } from "../polling/fleet.ts";
import type { Profiles } from "../profiles/load-profiles.ts";

/** The devices of a configuration; one has to be opened anew when anything changes that it lives by. */
export function wantedDevices(
  { devices, poll, place }: GatewayConfig,
  profiles: Profiles,
  open: (device: DeviceConfig, links: Links) => Device,
): Map<string, WantedDevice> {
  return new Map(
    devices.map((device): [string, WantedDevice] => {
      const { version } = profiles.get(device.profile) ?? {};
      // A proxy stands beside the device's polls: a change of it does not end them.
      const key = JSON.stringify([{ ...device, proxy: undefined }, version, poll, place]);
      return [device.tag, { key, open: (links) => open(device, links) }];
    }),
  );
}

/**
 * What differs and yet waits for the next start. Throws a `ConfigError` when the other configuration is
 * another gateway's: frames that are not delivered yet bear this one's name.
 */
export function namesOfLater(running: GatewayConfig, next: GatewayConfig): string[] {
  if (running.id !== next.id) {
    throw new ConfigError(`id: this gateway is ${running.id}; ${next.id} wants a start of its own`);
  }
  return (["clock", "linger", "metrics", "outbox"] as const).filter(
    (name) => JSON.stringify(running[name]) !== JSON.stringify(next[name]),
  );
}
