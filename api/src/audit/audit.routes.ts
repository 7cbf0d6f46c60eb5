import { AuditAction, AuditPage } from "@sunledger/model";
import type { Audit } from "@sunledger/store";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import * as z from "zod";
import { answers } from "../answers.ts";
import { askerOf } from "../identity/guard.ts";

const Page = z.object({
  /** The oldest entry of the page before. */
  before: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
  most: z.coerce.number().int().min(1).max(200).default(50),
  action: AuditAction.optional(),
});

export type AuditRoutesOptions = { readonly audit: Audit };

/** What people did. Nothing here changes it. */
export const auditRoutes: FastifyPluginAsyncZod<AuditRoutesOptions> = async (app, { audit }) => {
  app.get(
    "/audit",
    {
      config: { access: "administrator" },
      schema: {
        ...{ tags: ["audit"], summary: "Who did what, with what it was before, newest first" },
        querystring: Page,
        response: answers(AuditPage),
      },
    },
    async (request) => {
      const organisation = askerOf(request).organisation.id;
      const { most, before, action } = request.query;
      const entries = await audit.list({ organisation, before, action, most: most + 1 });
      return { entries: entries.slice(0, most), more: entries.length > most };
    },
  );
};
