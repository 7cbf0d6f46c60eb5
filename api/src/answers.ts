import { Problem } from "@sunledger/model";
import type { ZodType } from "zod";

const problem = {
  description: "Why the request was refused or failed",
  content: { "application/problem+json": { schema: Problem } },
} as const;

/** The answers of a route as its schema has them: the good one, and a problem in every other case. */
export function answers<S extends ZodType, C extends number = 200>(schema: S, code?: C) {
  return { [code ?? 200]: schema, default: problem } as Readonly<
    Record<C, S> & { default: typeof problem }
  >;
}
