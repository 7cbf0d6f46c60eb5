import type { Clock } from "@sunledger/runtime";
import type { GatewayConfig } from "../config.ts";
import { addressOf } from "../modbus/device-url.ts";
import { requestMannersOf } from "../polling/device-limits.ts";
import type { Profiles } from "../profiles/load-profiles.ts";
import type { WantedProxy } from "../proxy/open-proxies.ts";
import { openProxy } from "../proxy/open-proxy.ts";
import { listenAddressOf } from "../proxy/proxy-config.ts";

/** The proxies of a configuration, by their devices' tags. */
export function wantedProxies(
  { devices }: Pick<GatewayConfig, "devices">,
  profiles: Profiles,
  clock: Clock,
): Map<string, WantedProxy> {
  return new Map(
    devices.flatMap(({ tag, url, proxy, ...device }): [string, WantedProxy][] => {
      const profile = profiles.get(device.profile);
      const listen = proxy && listenAddressOf(proxy.listen);
      if (!profile || !listen) return [];
      const { line, unit } = addressOf(url);
      const { units = [unit], write: mayWrite } = proxy;
      const open: WantedProxy["open"] = (links) => {
        const manners = requestMannersOf(profile, unit);
        const parts = { listen, manners, mayWrite, clock, units: new Set(units) };
        return openProxy({ ...parts, link: links.to(line) });
      };
      return [[tag, { key: JSON.stringify([url, proxy, profile.limits]), open }]];
    }),
  );
}
