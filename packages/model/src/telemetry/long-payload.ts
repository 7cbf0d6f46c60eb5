import * as z from "zod";

/** How a quarantined payload of more than 64 kB is kept: whole, with its beginning for people. */
export const LongPayload = z.object({
  cut: z.literal(true),
  /** How long the whole is, as JSON. */
  bytes: z.int(),
  /** How it begins. */
  text: z.string(),
  /** All of it, JSON deflated (zlib), in base64; absent where only the beginning was kept, in older versions. */
  deflated: z.base64().optional(),
});
export type LongPayload = z.infer<typeof LongPayload>;
