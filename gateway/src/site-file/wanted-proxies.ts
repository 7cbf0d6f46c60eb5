import { addressOf } from "@sunledger/model/device-url";
import type { Clock } from "@sunledger/runtime";
import type { GatewayConfig } from "../config.ts";
import { requestMannersOf } from "../polling/device-limits.ts";
import type { Profiles } from "../profiles/load-profiles.ts";
import type { WantedProxy } from "../proxy/open-proxies.ts";
import { openProxy } from "../proxy/open-proxy.ts";
import type { LetWrite } from "../proxy/proxied-write.ts";
import { listenAddressOf } from "../proxy/proxy-config.ts";

/** The proxies of a configuration, by their devices' tags. */
export function wantedProxies(
  { devices }: Pick<GatewayConfig, "devices">,
  profiles: Profiles,
  { clock, letWrite }: { readonly clock: Clock; readonly letWrite: LetWrite },
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
        const parts = { listen, manners, clock, units: new Set(units), link: links.to(line) };
        if (!mayWrite) return openProxy(parts);
        return openProxy({
          ...parts,
          letWrite: (write, tell) => letWrite({ ...write, tag, line }, tell),
        });
      };
      return [[tag, { key: JSON.stringify([url, proxy, profile.limits]), open }]];
    }),
  );
}
