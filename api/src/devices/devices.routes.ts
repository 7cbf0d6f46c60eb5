import { DeviceDetail, LatestValues } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import * as z from "zod";
import { answers } from "../answers.ts";
import { ApiError } from "../errors.ts";
import { askerOf } from "../identity/guard.ts";
import { type DeviceNow, summaryOf } from "./device-now.ts";
import type { DeviceViews } from "./device-views.ts";

export const DeviceParams = z.object({ device: z.uuid() });

export type DeviceRoutesOptions = { readonly views: DeviceViews; readonly clock: Clock };

/** A device, what it is and its newest values. */
export const deviceRoutes: FastifyPluginAsyncZod<DeviceRoutesOptions> = async (app, options) => {
  const { views, clock } = options;
  const tags = ["devices"];

  app.get(
    "/devices/:device",
    {
      config: { access: "viewer" },
      schema: {
        ...{ tags, summary: "What a device is and which points it has" },
        params: DeviceParams,
        response: answers(DeviceDetail),
      },
    },
    async (request) =>
      detailOf(await deviceOf(views, askerOf(request).organisation.id, request.params.device)),
  );

  app.get(
    "/devices/:device/latest",
    {
      config: { access: "viewer" },
      schema: {
        ...{ tags, summary: "The newest value of each point" },
        params: DeviceParams,
        response: answers(LatestValues),
      },
    },
    async (request) => {
      const { organisation } = askerOf(request);
      const { values } = await deviceOf(views, organisation.id, request.params.device);
      return { serverTime: clock.now(), values: [...values.values()] };
    },
  );
};

/** The organisation's device of that id; another organisation's is as unknown as none. */
export async function deviceOf(
  views: DeviceViews,
  organisation: string,
  id: string,
): Promise<DeviceNow> {
  const found = await views.one(organisation, id);
  if (!found) throw new ApiError("devices.unknown", `There is no device ${id}.`);
  return found;
}

function detailOf(now: DeviceNow): DeviceDetail {
  const { announcement, points } = now;
  const summary = summaryOf(now);
  if (!announcement) return { ...summary, points: [...points], texts: {} };
  const { at, profile, kind, texts } = announcement;
  return { ...summary, announcement: { at, profile, kind }, points: [...points], texts };
}
