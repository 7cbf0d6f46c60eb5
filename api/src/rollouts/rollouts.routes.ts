import { NewRollout, Rollout, RolloutList, RolloutTakeBack } from "@sunledger/model";
import type { Rollouts } from "@sunledger/store";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import * as z from "zod";
import { answers } from "../answers.ts";
import { askerOf } from "../identity/guard.ts";
import type { RolloutDesk } from "./rollout-desk.ts";

const mostListed = 50;
const RolloutParams = z.object({ rollout: z.uuid() });

export type RolloutRoutesOptions = {
  readonly rollouts: Rollouts;
  readonly rolloutDesk: RolloutDesk;
};

/** Changes that reach gateways ring by ring. */
export const rolloutRoutes: FastifyPluginAsyncZod<RolloutRoutesOptions> = async (
  app,
  { rollouts, rolloutDesk },
) => {
  const tags = ["gateways"];
  const config = { access: "administrator" } as const;

  app.get(
    "/rollouts",
    {
      config,
      schema: { tags, summary: "The newest roll-outs", response: answers(RolloutList) },
    },
    async (request) => {
      const kept = await rollouts.list(askerOf(request).organisation.id, mostListed);
      return { rollouts: [...kept] };
    },
  );

  app.post(
    "/rollouts",
    {
      config,
      schema: {
        ...{ tags, summary: "Begin to roll a change out, ring by ring" },
        body: NewRollout,
        response: answers(Rollout, 201),
      },
    },
    async (request, reply) => {
      reply.code(201);
      return rolloutDesk.begin(askerOf(request), request.body);
    },
  );

  const change = (
    path: string,
    summary: string,
    act: (who: ReturnType<typeof askerOf>, id: string) => Promise<Rollout>,
  ) =>
    app.post(
      `/rollouts/:rollout/${path}`,
      { config, schema: { tags, summary, params: RolloutParams, response: answers(Rollout) } },
      async (request) => act(askerOf(request), request.params.rollout),
    );
  change("stop", "Give the change to no further gateway", rolloutDesk.stop);
  change("resume", "Go on where it stopped; what failed is tried again", rolloutDesk.resume);

  app.post(
    "/rollouts/:rollout/take-back",
    {
      config,
      schema: {
        ...{ tags, summary: "Give each gateway back what it polled before" },
        params: RolloutParams,
        body: RolloutTakeBack,
        response: answers(Rollout),
      },
    },
    async (request) => {
      const { params, body } = request;
      return rolloutDesk.takeBack(askerOf(request), params.rollout, body.note);
    },
  );
};
