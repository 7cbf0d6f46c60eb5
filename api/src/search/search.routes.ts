import { FoundPlaces } from "@sunledger/model";
import type { Records } from "@sunledger/store";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import * as z from "zod";
import { answers } from "../answers.ts";
import { askerOf } from "../identity/guard.ts";

/** Longer lists are read by nobody. */
const most = 12;

const SearchQuery = z.object({
  q: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .meta({
      description:
        "Words that are all to be found in a plant's code or name, or in a device's tag, name, serial number, model and plant",
      examples: ["inv-04 qinghe"],
    }),
  near: z
    .uuid()
    .optional()
    .meta({ description: "A plant whose devices stand before their equals" }),
});

export type SearchRoutesOptions = { readonly records: Pick<Records, "search"> };

/** Where one may go by a name. */
export const searchRoutes: FastifyPluginAsyncZod<SearchRoutesOptions> = async (app, options) => {
  const { records } = options;

  app.get(
    "/search",
    {
      config: { access: "viewer" },
      schema: {
        ...{ tags: ["search"], summary: "Plants and devices by what they are called" },
        querystring: SearchQuery,
        response: answers(FoundPlaces),
      },
    },
    async (request) => {
      const { q: text, near } = request.query;
      const organisation = askerOf(request).organisation.id;
      const found = await records.search({ organisation, text, near, most: most + 1 });
      return { items: found.slice(0, most), more: found.length > most };
    },
  );
};
