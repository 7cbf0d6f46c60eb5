import { DeviceEvents, earliestInstant, latestInstant } from "@sunledger/model";
import type { Records } from "@sunledger/store";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import * as z from "zod";
import { answers } from "../answers.ts";
import { askerOf } from "../identity/guard.ts";
import type { DeviceViews } from "./device-views.ts";
import { DeviceParams, deviceOf } from "./devices.routes.ts";

const Instant = z.iso
  .datetime({ offset: true })
  .meta({ description: "ISO 8601 with offset", examples: ["2026-06-21T00:00:00+08:00"] })
  .transform((text) => Date.parse(text));

const EventsQuery = z.object({
  from: Instant.default(earliestInstant),
  /** Exclusive. */
  to: Instant.default(latestInstant),
  most: z.coerce.number().int().min(1).max(1_000).default(100),
});

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
