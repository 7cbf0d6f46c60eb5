import type { Device, Gateway } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import type { Records } from "@sunledger/store";
import type { LatestValues } from "../frames/latest-values.ts";
import { announcedDevices } from "./announced-devices.ts";
import { companies } from "./company.ts";
import { type DeviceNow, type DeviceSources, deviceNow, momentOf } from "./device-now.ts";
import type { Company, GatewayWord } from "./gateway-word.ts";

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
  /** What was last seen of a gateway's devices. */
  companyOf(gateway: string): Company;
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

  const announced = announcedDevices({ records, word });
  const company = companies({ latest, word, slackOf });

  const sourcesOf = (gateways: readonly Gateway[]) => {
    const now = clock.now();
    const byId = new Map(gateways.map((gateway) => [gateway.id, gateway]));
    const companyOf = remembered((gateway: string) => company.of(gateway));
    return ({ id, gateway }: Device): DeviceSources => {
      const judgedAt = now - (gateway === undefined ? 0 : slackOf(gateway));
      return {
        ...{ values: latest.known(id), word, gateway: byId.get(gateway ?? ""), judgedAt },
        company: () => companyOf(gateway ?? ""),
      };
    };
  };

  const view = (devices: readonly Device[], gateways: readonly Gateway[]): DeviceNow[] => {
    const sources = sourcesOf(gateways);
    return devices.map((device) => deviceNow(device, sources(device)));
  };

  /** The device and those that are polled by the same gateway. */
  const polledWith = async (organisation: string, device: Device) => {
    if (device.gateway === undefined) return [device];
    const devices = await announced.of(organisation, device.plant);
    const polled = devices.filter(({ gateway }) => gateway === device.gateway);
    company.seen(polled);
    return polled;
  };

  return {
    async of(organisation, plant) {
      const [devices, gateways] = await Promise.all([
        announced.of(organisation, plant),
        records.gateways(organisation, plant),
      ]);
      for (const gateway of pollersOf(devices)) onLook(gateway);
      company.seen(devices);
      await latest.of(organisation, idsOf(devices));
      return { devices: view(devices, gateways), gateways };
    },

    async one(organisation, id) {
      const device = await records.device(organisation, id);
      if (!device) return undefined;
      const gateways = await records.gateways(organisation, device.plant);
      for (const gateway of pollersOf([device])) onLook(gateway);
      const beside = company.has(device) ? [device] : await polledWith(organisation, device);
      await latest.of(organisation, idsOf(beside));
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

    companyOf: (gateway) => company.of(gateway),
  };
}

/** The same answer for the same question: all the devices of a gateway ask it. */
function remembered<T>(ask: (key: string) => T): (key: string) => T {
  const answers = new Map<string, T>();
  return (key) => {
    const known = answers.get(key) ?? ask(key);
    answers.set(key, known);
    return known;
  };
}

function idsOf(devices: readonly Device[]): string[] {
  return devices.map(({ id }) => id);
}

function pollersOf(devices: readonly Device[]): Set<string> {
  return new Set(devices.flatMap(({ gateway }) => gateway ?? []));
}
