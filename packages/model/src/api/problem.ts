import * as z from "zod";

/** Why a request was refused or failed: RFC 9457 problem details. */
export const Problem = z.object({
  /** A URI that names the kind of problem. */
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** Stable, `subject.what`: what a program decides on. */
  code: z.string(),
  detail: z.string(),
  /** Names this one failure in the server's log: what a person quotes. */
  instance: z.string(),
  /** What is wrong with each field of a request. */
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;
