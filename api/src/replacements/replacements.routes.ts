import { DeviceRating, DeviceReplacements, earliestInstant } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import type { Records } from "@sunledger/store";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { answers } from "../answers.ts";
import { auditEntry } from "../audit/audit-entry.ts";
import { breakKinds } from "../devices/counter-breaks.ts";
import type { DeviceViews } from "../devices/device-views.ts";
import { DeviceParams, deviceOf } from "../devices/devices.routes.ts";
import { askerOf } from "../identity/guard.ts";
import { replacementsOf } from "./replacements-of.ts";

/** A device that was replaced or reset more often than this has older troubles than its counters. */
const mostEvents = 5_000;

export type ReplacementRoutesOptions = {
  readonly records: Pick<Records, "events" | "rate">;
  readonly views: DeviceViews;
  readonly clock: Clock;
};

/** Which devices stood in a place, and what their counters add up to. */
export const replacementRoutes: FastifyPluginAsyncZod<ReplacementRoutesOptions> = async (
  app,
  { records, views, clock },
) => {
  const tags = ["devices"];

  app.get(
    "/devices/:device/replacements",
    {
      config: { access: "viewer" },
      schema: {
        ...{ tags, summary: "Its exchanges, and what its counters carry over them" },
        params: DeviceParams,
        response: answers(DeviceReplacements),
      },
    },
    async (request) => {
      const organisation = askerOf(request).organisation.id;
      const { device } = await deviceOf(views, organisation, request.params.device);
      const window = { from: earliestInstant, to: clock.now() + 1 };
      const kinds = ["replaced", ...breakKinds] as const;
      const query = { organisation, devices: [device.id], kinds, ...window, most: mostEvents };
      return replacementsOf(await records.events(query));
    },
  );

  app.put(
    "/devices/:device/rating",
    {
      config: { access: "administrator" },
      schema: {
        ...{ tags, summary: "Say what the device that stands there now is rated for" },
        params: DeviceParams,
        body: DeviceRating,
        response: answers(DeviceRating),
      },
    },
    async (request) => {
      const who = askerOf(request);
      const organisation = who.organisation.id;
      const { device } = await deviceOf(views, organisation, request.params.device);
      const subject = { kind: "device" as const, id: device.id, name: device.tag };
      await records.rate(organisation, device.id, request.body, (before) =>
        auditEntry(who, clock.now(), { action: "rate", subject, before, after: request.body }),
      );
      return request.body;
    },
  );
};
