import { ClockMode } from "@sunledger/runtime";
import * as z from "zod";

export const ReplayConfig = z.object({
  SUNLEDGER_MQTT_URL: z.string().default("mqtt://127.0.0.1:1883"),
  SUNLEDGER_GATEWAY_ID: z.string(),
  SUNLEDGER_GATEWAY_SECRET: z.string(),
  SUNLEDGER_CLOCK: ClockMode,
  /** With a driven clock the replay is its driver. */
  SUNLEDGER_SERVICE_SECRET: z.string().default(""),
  /** The programs that answer its ticks. */
  SUNLEDGER_DRIVEN_PROGRAMS: z
    .string()
    .default("_ingest,_api")
    .transform((text) => text.split(",").filter(Boolean)),
});
