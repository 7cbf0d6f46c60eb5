import { ConflictPage, GapPage, QuarantinePage } from "@sunledger/model";
import type { Records } from "@sunledger/store";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import * as z from "zod";
import { answers } from "../answers.ts";
import type { KeptFrames } from "../frames/kept-frames.ts";
import { askerOf } from "../identity/guard.ts";
import { PlantParams, plantOf } from "./plants.routes.ts";

const Page = z.object({
  most: z.coerce.number().int().min(1).max(200).default(50),
  /** How many of the newest are left out: the pages before. */
  skip: z.coerce.number().int().min(0).max(100_000).default(0),
});

export type RefusalRoutesOptions = { readonly records: Records; readonly frames: KeptFrames };

/** What arrived for a plant and was set aside, and what will not arrive: nothing is lost silently (D-5, D-6, D-9). */
export const refusalRoutes: FastifyPluginAsyncZod<RefusalRoutesOptions> = async (app, options) => {
  const { records, frames } = options;
  const tags = ["plants"];

  const gatewaysOf = async (organisation: string, id: string) => {
    const plant = await plantOf(records, organisation, id);
    return (await records.gateways(organisation, plant.id)).map((gateway) => gateway.id);
  };

  app.get(
    "/plants/:plant/quarantine",
    {
      config: { access: "viewer" },
      schema: {
        ...{ tags, summary: "Rows of the plant's gateways that could not be used, by reason" },
        params: PlantParams,
        querystring: Page,
        response: answers(QuarantinePage),
      },
    },
    async (request) => {
      const organisation = askerOf(request).organisation.id;
      const { most, skip } = request.query;
      const gateways = await gatewaysOf(organisation, request.params.plant);
      const wanted = { organisation, gateways, most: most + 1, skip };
      const groups = await frames.quarantined(wanted);
      return {
        items: groups.slice(0, most),
        more: groups.length > most,
      };
    },
  );

  app.get(
    "/plants/:plant/conflicts",
    {
      config: { access: "viewer" },
      schema: {
        ...{ tags, summary: "Second, different values of one point and time, beside what holds" },
        params: PlantParams,
        querystring: Page,
        response: answers(ConflictPage),
      },
    },
    async (request) => {
      const organisation = askerOf(request).organisation.id;
      const { most, skip } = request.query;
      const { plant } = request.params;
      const gateways = await gatewaysOf(organisation, plant);
      const wanted = { organisation, gateways, most: most + 1, skip };
      const [found, devices] = await Promise.all([
        frames.conflicts(wanted),
        records.deviceList(organisation, plant),
      ]);
      const tags = new Map(devices.map(({ id, tag }) => [id, tag]));
      return {
        items: found
          .slice(0, most)
          .flat()
          .map(({ device, kept = null, ...rest }) => ({
            ...{ ...rest, device: { id: device, tag: tags.get(device) ?? null }, kept },
          })),
        more: found.length > most,
      };
    },
  );

  app.get(
    "/plants/:plant/gaps",
    {
      config: { access: "viewer" },
      schema: {
        ...{ tags, summary: "Frames that the plant's gateways gave up, never to be stored" },
        params: PlantParams,
        querystring: Page,
        response: answers(GapPage),
      },
    },
    async (request) => {
      const organisation = askerOf(request).organisation.id;
      const { most, skip } = request.query;
      const gateways = await gatewaysOf(organisation, request.params.plant);
      const found = await frames.gaps({ organisation, gateways, most: most + 1, skip });
      return { items: found.slice(0, most), more: found.length > most };
    },
  );
};
