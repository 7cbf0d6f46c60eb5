import { type Gateway, GatewayDetail, GatewayList } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import { balancesOf, type Configurations, type FrameStore } from "@sunledger/store";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import * as z from "zod";
import { answers } from "../answers.ts";
import type { OrderDesk } from "../commands/order-desk.ts";
import type { DeviceViews } from "../devices/device-views.ts";
import type { GatewayWord } from "../devices/gateway-word.ts";
import { askerOf } from "../identity/guard.ts";
import { gatewayView } from "./gateway-view.ts";

export const GatewayParams = z.object({ gateway: z.string().max(64) });

export type GatewayRoutesOptions = {
  readonly configurations: Configurations;
  readonly desk: OrderDesk;
  readonly frames: Pick<FrameStore, "settled" | "account">;
  readonly views: DeviceViews;
  readonly word: GatewayWord;
  readonly clock: Clock;
};

/** The gateways and how they stand. */
export const gatewayRoutes: FastifyPluginAsyncZod<GatewayRoutesOptions> = async (app, options) => {
  const { configurations, desk, frames, views, word, clock } = options;
  const tags = ["gateways"];

  const detailOf = async (organisation: string, gateway: Gateway) => {
    const [newest] = await configurations.list({ organisation, gateway: gateway.id, most: 1 });
    // Read before the store is asked: what it has taken since is no difference.
    const status = word.statusOf(gateway);
    const settled = await frames.settled(organisation, gateway.id);
    return gatewayView(gateway, {
      ...{ word, company: views.companyOf(gateway.id) },
      newestVersion: newest?.version ?? 0,
      hasDelivered: settled.length > 0,
      balances: status
        ? await balancesOf(frames, { organisation, gateway: gateway.id, status })
        : [],
    });
  };

  app.get(
    "/gateways",
    {
      config: { access: "viewer" },
      schema: { tags, summary: "All gateways as they stand", response: answers(GatewayList) },
    },
    async (request) => {
      const { id } = askerOf(request).organisation;
      const { gateways } = await views.of(id);
      const details = await Promise.all(gateways.map((gateway) => detailOf(id, gateway)));
      return { serverTime: clock.now(), gateways: details };
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
      const gateway = await desk.gatewayOf(id, request.params.gateway);
      // So that the gateway's company is known.
      await views.of(id, gateway.plant);
      return detailOf(id, gateway);
    },
  );
};
