import { DeviceEvents } from "@sunledger/model";
import type { Records } from "@sunledger/store";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import * as z from "zod";
import { answers } from "../answers.ts";
import { OpenWindowQuery, readOpenWindow } from "../frames/window.ts";
import { askerOf } from "../identity/guard.ts";
import type { DeviceViews } from "./device-views.ts";
import { DeviceParams, deviceOf } from "./devices.routes.ts";

const EventsQuery = OpenWindowQuery.extend({
  most: z.coerce.number().int().min(1).max(1_000).default(100),
}).transform(readOpenWindow);

export type EventRoutesOptions = { readonly records: Records; readonly views: DeviceViews };

/** What happened to a device that its values alone do not say. */
export const eventRoutes: FastifyPluginAsyncZod<EventRoutesOptions> = async (app, options) => {
  const { records, views } = options;

  app.get(
    "/devices/:device/events",
    {
      config: { access: "viewer" },
      schema: {
        tags: ["devices"],
        summary:
          "Resets, roll-overs and leaps of its counters, its replacements and its sleep, newest first",
        params: DeviceParams,
        querystring: EventsQuery,
        response: answers(DeviceEvents),
      },
    },
    async (request) => {
      const organisation = askerOf(request).organisation.id;
      const { device } = await deviceOf(views, organisation, request.params.device);
      const { from, to, most } = request.query;
      const wanted = { organisation, devices: [device.id], from, to, most: most + 1 };
      const events = await records.events(wanted);
      return { events: events.slice(0, most), more: events.length > most };
    },
  );
};
