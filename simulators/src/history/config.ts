import * as z from "zod";

const Secrets = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "not JSON" });
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string(), z.string().min(1)));

export const HistoryConfig = z.object({
  SUNLEDGER_SCENARIO: z.string(),
  SUNLEDGER_MQTT_URL: z.string().default("mqtt://127.0.0.1:1883"),
  /** `{"qinghe-history": "…"}` */
  SUNLEDGER_GATEWAY_SECRETS: Secrets,
  /** Unix milliseconds; the history ends just before. */
  SUNLEDGER_HISTORY_UNTIL: z.coerce.number().int().positive(),
});
