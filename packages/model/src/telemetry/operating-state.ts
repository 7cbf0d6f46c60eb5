import * as z from "zod";

/** What a device does, in the words that the codes of all makers are told in. */
export const OperatingState = z.enum([
  "off",
  "sleeping",
  "starting",
  "generating",
  "throttled",
  "shuttingDown",
  "fault",
  "standby",
]);
export type OperatingState = z.infer<typeof OperatingState>;
