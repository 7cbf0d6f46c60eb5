import { type Gateway, GatewayDetail, GatewayList } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import type { Configurations, Records } from "@sunledger/store";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import * as z from "zod";
import { answers } from "../answers.ts";
import type { OrderDesk } from "../commands/order-desk.ts";
import type { GatewayWord } from "../devices/gateway-word.ts";
import { askerOf } from "../identity/guard.ts";
import { gatewayView } from "./gateway-view.ts";

export const GatewayParams = z.object({ gateway: z.string().max(64) });

export type GatewayRoutesOptions = {
  readonly records: Records;
  readonly configurations: Configurations;
  readonly desk: OrderDesk;
  readonly word: GatewayWord;
  readonly clock: Clock;
};

/** The gateways and how they stand. */
export const gatewayRoutes: FastifyPluginAsyncZod<GatewayRoutesOptions> = async (app, options) => {
  const { records, configurations, desk, word, clock } = options;
  const tags = ["gateways"];

  const view = async (organisation: string, gateway: Gateway) => {
    const [newest] = await configurations.list({ organisation, gateway: gateway.id, most: 1 });
    return gatewayView(gateway, word, newest?.version ?? 0);
  };

  app.get(
    "/gateways",
    {
      config: { access: "viewer" },
      schema: { tags, summary: "All gateways as they stand", response: answers(GatewayList) },
    },
    async (request) => {
      const { id } = askerOf(request).organisation;
      const gateways = await records.gateways(id);
      const views = await Promise.all(gateways.map((gateway) => view(id, gateway)));
      return { serverTime: clock.now(), gateways: views };
    },
  );

  app.get(
    "/gateways/:gateway",
    {
      config: { access: "viewer" },
      schema: {
        ...{ tags, summary: "A gateway as it stands" },
        params: GatewayParams,
        response: answers(GatewayDetail),
      },
    },
    async (request) => {
      const { id } = askerOf(request).organisation;
      return view(id, await desk.gatewayOf(id, request.params.gateway));
    },
  );
};
