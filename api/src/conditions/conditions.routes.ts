import { ConditionPage } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import type { Conditions } from "@sunledger/store";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import * as z from "zod";
import { answers } from "../answers.ts";
import { askerOf } from "../identity/guard.ts";

const usualStretchMs = 30 * 86_400_000;

const Stretch = z.object({
  /** As `frames_missing`; absent: of all kinds. */
  kind: z.string().max(64).optional(),
  /** Unix milliseconds; absent: thirty days before the end. */
  from: z.coerce.number().int().min(0).optional(),
  /** Unix milliseconds; absent: now. */
  to: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  most: z.coerce.number().int().min(1).max(200).default(50),
});

export type ConditionRoutesOptions = { readonly conditions: Conditions; readonly clock: Clock };

/** What is wrong with devices and gateways, and for how long. */
export const conditionRoutes: FastifyPluginAsyncZod<ConditionRoutesOptions> = async (
  app,
  { conditions, clock },
) => {
  app.get(
    "/conditions",
    {
      config: { access: "viewer" },
      schema: {
        ...{ tags: ["conditions"], summary: "What is wrong in a stretch of time, newest first" },
        querystring: Stretch,
        response: answers(ConditionPage),
      },
    },
    async (request) => {
      const organisation = askerOf(request).organisation.id;
      const { kind, most, to = clock.now() + 1, from = to - usualStretchMs } = request.query;
      const found = await conditions.of({ organisation, kind, from, to, most: most + 1 });
      const items = found.slice(0, most).map(({ end = null, ...one }) => ({ ...one, end }));
      return { items, more: found.length > most };
    },
  );
};
