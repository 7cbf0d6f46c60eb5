import { CommandDetail, CommandList, NewCommandOrder, OrderedCommand } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import type { Commands } from "@sunledger/store";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import * as z from "zod";
import { answers } from "../answers.ts";
import type { DeviceViews } from "../devices/device-views.ts";
import { DeviceParams, deviceOf } from "../devices/devices.routes.ts";
import { ApiError } from "../errors.ts";
import { askerOf } from "../identity/guard.ts";
import { viewOf } from "./command-view.ts";
import type { OrderDesk } from "./order-desk.ts";
import { orderLimit } from "./order-limit.ts";

const GatewayParams = z.object({ gateway: z.string().max(64) });
const CommandParams = z.object({ command: z.uuid() });
const Page = z.object({
  /** The oldest command of the page before. */
  before: z.uuid().optional(),
  most: z.coerce.number().int().min(1).max(200).default(50),
});

export type CommandRoutesOptions = {
  readonly commands: Commands;
  readonly desk: OrderDesk;
  readonly views: DeviceViews;
  readonly clock: Clock;
};

/** Orders to gateways, and what came of them. */
export const commandRoutes: FastifyPluginAsyncZod<CommandRoutesOptions> = async (app, options) => {
  const { commands, desk, views, clock } = options;
  const tags = ["commands"];

  const page = async (
    organisation: string,
    { most, before }: z.infer<typeof Page>,
    of: { readonly gateway?: string; readonly device?: string },
  ): Promise<CommandList> => {
    const older = before === undefined ? {} : { before };
    const kept = await commands.list({ organisation, ...of, ...older, most: most + 1 });
    const now = clock.now();
    return {
      commands: kept.slice(0, most).map((one) => viewOf(one, now)),
      more: kept.length > most,
    };
  };

  app.post(
    "/gateways/:gateway/commands",
    {
      // Which role an order needs, its kind says: the desk refuses everything to a viewer.
      config: { access: "viewer", rateLimit: orderLimit },
      schema: {
        ...{
          tags,
          summary: "Order a gateway to read, to search, to release a set-point or to stop",
        },
        params: GatewayParams,
        body: NewCommandOrder,
        response: answers(OrderedCommand, 202),
      },
    },
    async (request, reply) => {
      const { what, id } = request.body;
      const kept = await desk.order(askerOf(request), request.params.gateway, what, { id });
      reply.code(202);
      return viewOf(kept, clock.now());
    },
  );

  app.get(
    "/gateways/:gateway/commands",
    {
      config: { access: "viewer" },
      schema: {
        ...{ tags, summary: "What a gateway was ordered to do, newest first" },
        params: GatewayParams,
        querystring: Page,
        response: answers(CommandList),
      },
    },
    async (request) => {
      const { id } = askerOf(request).organisation;
      const gateway = await desk.gatewayOf(id, request.params.gateway);
      return page(id, request.query, { gateway: gateway.id });
    },
  );

  app.get(
    "/devices/:device/commands",
    {
      config: { access: "viewer" },
      schema: {
        ...{ tags, summary: "What was ordered of a device, newest first" },
        params: DeviceParams,
        querystring: Page,
        response: answers(CommandList),
      },
    },
    async (request) => {
      const { id } = askerOf(request).organisation;
      const { device } = await deviceOf(views, id, request.params.device);
      return page(id, request.query, { device: device.id });
    },
  );

  app.get(
    "/commands/:command",
    {
      config: { access: "viewer" },
      schema: {
        ...{ tags, summary: "A command and every answer to it" },
        params: CommandParams,
        response: answers(CommandDetail),
      },
    },
    async (request) => {
      const { id } = askerOf(request).organisation;
      const { command } = request.params;
      const [kept, heard] = await Promise.all([
        commands.one(id, command),
        commands.answers(id, command),
      ]);
      if (!kept) throw new ApiError("commands.unknown", `There is no command ${command}.`);
      return { ...viewOf(kept, clock.now()), answers: [...heard] };
    },
  );
};
