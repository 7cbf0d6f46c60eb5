import { type Plant, PlantDetail, PlantList, type PlantSummary } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import type { Records } from "@sunledger/store";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import * as z from "zod";
import { answers } from "../answers.ts";
import { type DeviceNow, summaryOf } from "../devices/device-now.ts";
import type { DeviceViews } from "../devices/device-views.ts";
import type { GatewayWord } from "../devices/gateway-word.ts";
import { ApiError } from "../errors.ts";
import { askerOf } from "../identity/guard.ts";
import type { PlantDays } from "./plant-days.ts";
import { plantSummary } from "./plant-summary.ts";

export const PlantParams = z.object({ plant: z.uuid() });

export type PlantRoutesOptions = {
  readonly records: Records;
  readonly views: DeviceViews;
  readonly days: PlantDays;
  readonly word: GatewayWord;
  readonly clock: Clock;
};

/** Plants with what they do now and have done today. */
export const plantRoutes: FastifyPluginAsyncZod<PlantRoutesOptions> = async (app, options) => {
  const { records, views, days, word, clock } = options;
  const tags = ["plants"];

  const summarise = (organisation: string, plant: Plant, devices: readonly DeviceNow[]) =>
    plantSummary({ organisation, plant, devices, days, now: clock.now() });

  app.get(
    "/plants",
    {
      config: { access: "viewer" },
      schema: { tags, summary: "All plants of the organisation", response: answers(PlantList) },
    },
    async (request) => {
      const organisation = askerOf(request).organisation.id;
      const [plants, { devices }] = await Promise.all([
        records.plants(organisation),
        views.of(organisation),
      ]);
      const byPlant = Map.groupBy(devices, ({ device }) => device.plant);
      const items: PlantSummary[] = [];
      // One after the other: each may read a whole day, and the database has other guests.
      for (const plant of plants) {
        items.push(await summarise(organisation, plant, byPlant.get(plant.id) ?? []));
      }
      return { items };
    },
  );

  app.get(
    "/plants/:plant",
    {
      config: { access: "viewer" },
      schema: {
        ...{ tags, summary: "A plant, its devices and gateways" },
        params: PlantParams,
        response: answers(PlantDetail),
      },
    },
    async (request) => {
      const organisation = askerOf(request).organisation.id;
      const plant = await plantOf(records, organisation, request.params.plant);
      const { devices, gateways } = await views.of(organisation, plant.id);
      const { devices: deviceCounts, ...summary } = await summarise(organisation, plant, devices);
      return {
        ...summary,
        deviceCounts,
        devices: devices.map(summaryOf),
        gateways: gateways.map((gateway) => word.summaryOf(gateway)),
      };
    },
  );
};

/** The organisation's plant of that id; another organisation's is as unknown as none. */
export async function plantOf(records: Records, organisation: string, id: string): Promise<Plant> {
  const plant = (await records.plants(organisation)).find((plant) => plant.id === id);
  if (!plant) throw new ApiError("plants.unknown", `There is no plant ${id}.`);
  return plant;
}
