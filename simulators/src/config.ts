import { ClockMode, SimulatorOpen } from "@sunledger/runtime";
import * as z from "zod";

export const SimulatorsConfig = z.object({
  SUNLEDGER_SCENARIO: z.string(),
  SUNLEDGER_SIMULATOR_HOST: z.string().default("127.0.0.1"),
  SUNLEDGER_SIMULATOR_PORT: z.coerce.number().int().min(0).max(65_535).default(15_020),
  SUNLEDGER_SIMULATOR_OPEN: SimulatorOpen,
  SUNLEDGER_LEDGER_DIR: z.string().optional(),
  /** What the ledger of one device may take on disk, megabytes: its oldest files go; absent: all is kept. */
  SUNLEDGER_LEDGER_MB: z.coerce.number().positive().optional(),
  /** Answers what the ledger says over HTTP, on the loopback. */
  SUNLEDGER_LEDGER_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  SUNLEDGER_STATE_DIR: z.string().optional(),
  SUNLEDGER_CLOCK: ClockMode,
  /** Only a driven clock needs the broker. */
  SUNLEDGER_MQTT_URL: z.string().default("mqtt://127.0.0.1:1883"),
  SUNLEDGER_SERVICE_SECRET: z.string().default(""),
  /** With `--speed`: the programs whose answers a tick waits for; the plants' gateways are added. */
  SUNLEDGER_DRIVEN_PROGRAMS: z
    .string()
    .default("_ingest,_api")
    .transform((text) => text.split(",").filter(Boolean)),
});
