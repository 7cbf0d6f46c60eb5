import { whyAway } from "@sunledger/store";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import * as z from "zod";
import { answers } from "../answers.ts";
import { ApiError } from "../errors.ts";

/** Something the api cannot do its work without. */
export type Need = {
  readonly name: string;
  /** Throws, or says false, when it is missing. */
  readonly check: () => Promise<unknown> | unknown;
  /** Why it is missing, in words fit to show, where no error says it. */
  readonly why?: () => string | undefined;
};

export type HealthRoutesOptions = { readonly needs: readonly Need[] };

const Alive = z.object({ status: z.literal("alive") });
const Ready = z.object({ status: z.literal("ready"), needs: z.array(z.string()) });

/** A check that takes longer is a failed one. */
const patienceMs = 3_000;

/** Whether the process lives, and whether it can do its work. */
export const healthRoutes: FastifyPluginAsyncZod<HealthRoutesOptions> = async (app, options) => {
  const { needs } = options;
  const tags = ["health"];

  app.get(
    "/healthz",
    { schema: { tags, security: [], summary: "The process is alive", response: answers(Alive) } },
    () => ({ status: "alive" as const }),
  );

  app.get(
    "/readyz",
    {
      schema: {
        tags,
        security: [],
        summary: "The process can do its work; a problem names what is missing",
        response: answers(Ready),
      },
    },
    async () => {
      const missing = (await Promise.all(needs.map(missingOf))).filter((one) => one !== undefined);
      if (missing.length > 0) throw new ApiError("server.notReady", missing.join(" "));
      return { status: "ready" as const, needs: needs.map(({ name }) => name) };
    },
  );
};

async function missingOf({
  name,
  check,
  why = () => undefined,
}: Need): Promise<string | undefined> {
  const late = AbortSignal.timeout(patienceMs);
  const tooLate = new Promise<never>((_, reject) =>
    late.addEventListener("abort", () => reject(new Error("it does not answer"))),
  );
  try {
    const there = await Promise.race([Promise.resolve().then(check), tooLate]);
    return there === false ? missing(name, why()) : undefined;
  } catch (error) {
    return missing(name, whyAway(error) ?? why());
  }
}

function missing(name: string, why = ""): string {
  return `Missing: ${name}. ${why}`.trim();
}
