import type { Device } from "@sunledger/model";
import type { LatestValues } from "../frames/latest-values.ts";
import { newestOf } from "./device-now.ts";
import { paceOf } from "./device-points.ts";
import type { Company, GatewayWord } from "./gateway-word.ts";

export type CompaniesParts = {
  readonly latest: Pick<LatestValues, "known">;
  readonly word: Pick<GatewayWord, "announcementOf">;
  /** How long a gateway may keep values before it sends them. */
  readonly slackOf: (gateway: string) => number;
};

/** The devices of each gateway, as they were last seen together. */
export interface Companies {
  /** Takes devices over: all that their gateways have. */
  seen(devices: readonly Device[]): void;
  has(device: Device): boolean;
  /** Of that gateway, with their newest values. */
  of(gateway: string): Company;
}

type Member = { readonly id: string; readonly tag: string; readonly everyMs: number };

export function companies({ latest, word, slackOf }: CompaniesParts): Companies {
  const members = new Map<string, readonly Member[]>();

  return {
    seen(devices) {
      for (const [gateway, all] of Map.groupBy(devices, (device) => device.gateway)) {
        if (gateway !== undefined) members.set(gateway, all.map(memberOf));
      }
    },

    has: ({ gateway = "", id }) => members.get(gateway)?.some((one) => one.id === id) ?? false,

    of(gateway) {
      const polled = (members.get(gateway) ?? []).map(({ id, tag, everyMs }) => {
        return { tag, everyMs, newestAt: newestOf(latest.known(id)) };
      });
      return { polled, slackMs: slackOf(gateway) };
    },
  };

  function memberOf(device: Device): Member {
    const { points = [] } = word.announcementOf(device) ?? {};
    return { id: device.id, tag: device.tag, everyMs: paceOf(points) };
  }
}
