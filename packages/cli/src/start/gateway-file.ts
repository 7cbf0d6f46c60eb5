import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { HouseSettings } from "../settings.ts";
import { simulatorAddress, simulatorHost } from "./addresses.ts";
import type { DataFolder } from "./data-folder.ts";
import type { DemoPlant } from "./demo-plants.ts";

type Place = {
  readonly folder: DataFolder;
  readonly settings: HouseSettings;
  /** All simulated plants, in the order in which their devices are given ports. */
  readonly plants: readonly DemoPlant[];
};

/** Writes the configuration of a demo plant's gateway and says where it is. */
export function writeGatewayFile({ folder, settings, plants }: Place, plant: DemoPlant): string {
  const before = plants.slice(0, plants.indexOf(plant)).flatMap(({ devices }) => devices).length;
  const config = {
    id: plant.gateway,
    place: { latitude: plant.latitude, longitude: plant.longitude },
    poll: { fastMs: 1_000, normalMs: 10_000, slowMs: 60_000 },
    // The simulated devices alone: nothing else that stands in the same network is looked at.
    onboarding: { networks: [simulatorHost(settings)] },
    commands: { allow: [{ device: "INV-*", point: "setpoint.activePower.percent" }] },
    devices: plant.devices.map(({ tag, profile }, number) => ({
      tag,
      url: simulatorAddress(settings, before + number),
      profile,
    })),
  };
  const file = join(folder.gateways, `${plant.gateway}.yaml`);
  writeFileSync(file, stringify(config));
  return file;
}
