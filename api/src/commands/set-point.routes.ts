import {
  type CommandOrder,
  OrderedCommand,
  SetPointConfirmation,
  SetPointList,
  SetPointProposal,
  SetPointWish,
  type Value,
} from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { answers } from "../answers.ts";
import type { DeviceNow } from "../devices/device-now.ts";
import type { DeviceViews } from "../devices/device-views.ts";
import { DeviceParams, deviceOf } from "../devices/devices.routes.ts";
import type { GatewayWord } from "../devices/gateway-word.ts";
import { ApiError } from "../errors.ts";
import { askerOf } from "../identity/guard.ts";
import type { ProfileLibrary } from "../profiles/profile-library.ts";
import { viewOf } from "./command-view.ts";
import { confirmations } from "./confirmations.ts";
import { requireRight } from "./may-order.ts";
import type { OrderDesk } from "./order-desk.ts";
import { orderLimit } from "./order-limit.ts";
import { faultsOf, setPointsOf } from "./set-point-rules.ts";

export type SetPointRoutesOptions = {
  readonly desk: OrderDesk;
  readonly views: DeviceViews;
  readonly word: GatewayWord;
  readonly profiles: ProfileLibrary;
  readonly clock: Clock;
};

type Proposal = {
  readonly gateway: string;
  readonly what: CommandOrder;
  /** What the point said when its writing was prepared. */
  readonly before: { readonly [point: string]: Value } | null;
};

/** Set-points of a device: what may be written, and writing it in two steps (F23). */
export const setPointRoutes: FastifyPluginAsyncZod<SetPointRoutesOptions> = async (
  app,
  options,
) => {
  const { desk, views, word, profiles, clock } = options;
  const proposals = confirmations<Proposal>(clock);
  const tags = ["commands"];

  const rulesOf = (now: DeviceNow): SetPointList => {
    const { gateway } = now.device;
    const profile = profiles.get(now.announcement?.profile.id ?? "");
    if (gateway === undefined || !profile) return { setPoints: [], profileKnown: false };
    const allows = word.statusOf({ id: gateway })?.allows;
    return { setPoints: setPointsOf(now, profile, allows), profileKnown: true };
  };

  app.get(
    "/devices/:device/set-points",
    {
      config: { access: "viewer" },
      schema: {
        ...{ tags, summary: "What may be written to a device, and within which bounds" },
        params: DeviceParams,
        response: answers(SetPointList),
      },
    },
    async (request) => {
      const { id } = askerOf(request).organisation;
      return rulesOf(await deviceOf(views, id, request.params.device));
    },
  );

  app.post(
    "/devices/:device/set-points",
    {
      config: { access: "operator", rateLimit: orderLimit },
      schema: {
        ...{ tags, summary: "Prepare a set-point: what would be written, to be confirmed" },
        params: DeviceParams,
        body: SetPointWish,
        response: answers(SetPointProposal),
      },
    },
    async (request) => {
      const who = askerOf(request);
      requireRight(who, "set");
      const now = await deviceOf(views, who.organisation.id, request.params.device);
      const { tag, gateway } = now.device;
      if (gateway === undefined) {
        throw new ApiError("commands.noSetPoint", "No gateway polls this device.");
      }
      const wish = request.body;
      const rules = rulesOf(now).setPoints.find(({ point }) => point === wish.point);
      if (!rules) throw new ApiError("commands.noSetPoint", `${wish.point} is no set-point of it.`);
      desk.readyStatusOf(await desk.gatewayOf(who.organisation.id, gateway));
      if (!rules.permitted) {
        throw new ApiError(
          "commands.notPermitted",
          `The own file of the gateway ${gateway} does not permit ${wish.point} of ${tag}.`,
        );
      }
      const errors = faultsOf(wish, rules);
      if (errors.length > 0) {
        const detail = errors.map(({ path, message }) => `${path}: ${message}`).join("; ");
        throw new ApiError("commands.outOfBounds", detail, { errors });
      }
      const what = { kind: "set" as const, device: tag, ...wish };
      const { token, validUntil } = proposals.propose(who.session, {
        ...{ gateway, what },
        before: rules.current && { [wish.point]: rules.current.value },
      });
      return { token, validUntil, wish, rules };
    },
  );

  app.post(
    "/devices/:device/set-points/confirmations",
    {
      config: { access: "operator", rateLimit: orderLimit },
      schema: {
        ...{ tags, summary: "Confirm a prepared set-point: it is ordered" },
        params: DeviceParams,
        body: SetPointConfirmation,
        response: answers(OrderedCommand, 202),
      },
    },
    async (request, reply) => {
      const who = askerOf(request);
      const { device } = await deviceOf(views, who.organisation.id, request.params.device);
      const proposal = proposals.take(who.session, request.body.token);
      const isOfDevice =
        proposal?.gateway === device.gateway &&
        proposal?.what.kind === "set" &&
        proposal.what.device === device.tag;
      if (!proposal || !isOfDevice) {
        throw new ApiError("commands.notPrepared", "Prepare it anew: this is known no longer.");
      }
      const kept = await desk.order(who, proposal.gateway, proposal.what, {
        wrote: { before: proposal.before },
      });
      reply.code(202);
      return viewOf(kept, clock.now());
    },
  );
};
