import { randomUUID } from "node:crypto";
import {
  DeviceRating,
  DeviceReplacements,
  earliestInstant,
  NewReplacement,
} from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import type { Commands, Records } from "@sunledger/store";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { answers } from "../answers.ts";
import { breakKinds } from "../devices/counter-breaks.ts";
import type { DeviceViews } from "../devices/device-views.ts";
import { DeviceParams, deviceOf } from "../devices/devices.routes.ts";
import { ApiError } from "../errors.ts";
import { askerOf } from "../identity/guard.ts";
import { replacementsOf } from "./replacements-of.ts";

/** A device that was replaced or reset more often than this has older troubles than its counters. */
const mostEvents = 5_000;

export type ReplacementRoutesOptions = {
  readonly records: Pick<Records, "events" | "keepEvents" | "rate">;
  readonly commands: Pick<Commands, "one">;
  readonly views: DeviceViews;
  readonly clock: Clock;
};

/** Which devices stood in a place, and what their counters add up to. */
export const replacementRoutes: FastifyPluginAsyncZod<ReplacementRoutesOptions> = async (
  app,
  { records, commands, views, clock },
) => {
  const tags = ["devices"];

  const told = async (organisation: string, device: string) => {
    const window = { from: earliestInstant, to: clock.now() + 1 };
    const kinds = ["replaced", ...breakKinds] as const;
    const query = { organisation, devices: [device], kinds, ...window, most: mostEvents };
    return replacementsOf(await records.events(query));
  };

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
      return told(organisation, device.id);
    },
  );

  app.post(
    "/devices/:device/replacements",
    {
      config: { access: "administrator" },
      schema: {
        ...{ tags, summary: "Write down an exchange of devices that do not say who they are" },
        params: DeviceParams,
        body: NewReplacement,
        response: answers(DeviceReplacements, 201),
      },
    },
    async (request, reply) => {
      const who = askerOf(request);
      const organisation = who.organisation.id;
      const { device } = await deviceOf(views, organisation, request.params.device);
      const { before, after, command } = request.body;
      const read = await commands.one(organisation, command);
      if (read?.what.kind !== "test-read") {
        throw new ApiError("devices.notRead", `No device was read by a command ${command}.`);
      }
      // The same order again is the same exchange.
      const known = await told(organisation, device.id);
      if (!known.replacements.some(({ by }) => by?.command === command)) {
        const by = { id: who.user.id, name: who.user.name, command };
        const happened = { point: "id.serial", kind: "replaced" as const, before, after, by };
        const event = { id: randomUUID(), device: device.id, at: clock.now(), ...happened };
        await records.keepEvents(organisation, [event]);
      }
      reply.code(201);
      return told(organisation, device.id);
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
      const organisation = askerOf(request).organisation.id;
      const { device } = await deviceOf(views, organisation, request.params.device);
      await records.rate(organisation, device.id, request.body);
      return request.body;
    },
  );
};
