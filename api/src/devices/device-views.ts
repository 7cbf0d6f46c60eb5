import type { Device, Gateway } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import type { Records } from "@sunledger/store";
import type { LatestValues } from "../frames/latest-values.ts";
import { type DeviceNow, type DeviceSources, deviceNow, momentOf } from "./device-now.ts";
import type { GatewayWord } from "./gateway-word.ts";

/** Devices as they are at this moment: the records, the newest values and the gateways' word in one. */
export interface DeviceViews {
  /** Those of one plant, or of all plants of the organisation, and their gateways. */
  of(
    organisation: string,
    plant?: string,
  ): Promise<{ readonly devices: readonly DeviceNow[]; readonly gateways: readonly Gateway[] }>;
  one(organisation: string, device: string): Promise<DeviceNow | undefined>;
  /** The same devices now, from what has been heard alone; their points stay. */
  again(devices: readonly DeviceNow[], gateways: readonly Gateway[]): readonly DeviceNow[];
  /** The same devices with the points that they have now. */
  anew(devices: readonly DeviceNow[], gateways: readonly Gateway[]): readonly DeviceNow[];
}

export type DeviceViewParts = {
  readonly records: Records;
  readonly latest: LatestValues;
  readonly word: GatewayWord;
  readonly clock: Clock;
  /** Hears of each gateway whose devices somebody looks at. */
  readonly onLook?: (gateway: string) => void;
  /** How long a gateway may keep values before it sends them. */
  readonly slackOf?: (gateway: string) => number;
};

export function deviceViews(parts: DeviceViewParts): DeviceViews {
  const { records, latest, word, clock, onLook = () => {}, slackOf = () => 0 } = parts;

  const sourcesOf = (gateways: readonly Gateway[]) => {
    const now = clock.now();
    const byId = new Map(gateways.map((gateway) => [gateway.id, gateway]));
    return ({ id, gateway }: Device): DeviceSources => {
      const judgedAt = now - (gateway === undefined ? 0 : slackOf(gateway));
      return { values: latest.known(id), word, gateway: byId.get(gateway ?? ""), judgedAt };
    };
  };

  const view = (devices: readonly Device[], gateways: readonly Gateway[]): DeviceNow[] => {
    const sources = sourcesOf(gateways);
    return devices.map((device) => deviceNow(device, sources(device)));
  };

  return {
    async of(organisation, plant) {
      const [devices, gateways] = await Promise.all([
        records.devices(organisation, plant),
        records.gateways(organisation, plant),
      ]);
      for (const gateway of pollersOf(devices)) onLook(gateway);
      await latest.of(organisation, idsOf(devices));
      return { devices: view(devices, gateways), gateways };
    },

    async one(organisation, id) {
      const device = await records.device(organisation, id);
      if (!device) return undefined;
      const gateways = await records.gateways(organisation, device.plant);
      for (const gateway of pollersOf([device])) onLook(gateway);
      await latest.of(organisation, [id]);
      return view([device], gateways)[0];
    },

    again(devices, gateways) {
      const sources = sourcesOf(gateways);
      return devices.map((before) => momentOf(before, sources(before.device)));
    },

    anew: (devices, gateways) =>
      view(
        devices.map(({ device }) => device),
        gateways,
      ),
  };
}

function idsOf(devices: readonly Device[]): string[] {
  return devices.map(({ id }) => id);
}

function pollersOf(devices: readonly Device[]): Set<string> {
  return new Set(devices.flatMap(({ gateway }) => gateway ?? []));
}
