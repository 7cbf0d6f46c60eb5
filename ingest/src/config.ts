import { ClockMode } from "@sunledger/runtime";
import { usualKeeping } from "@sunledger/store";
import * as z from "zod";
import { isFailpoint } from "./failpoint.ts";

const Days = z.coerce.number().int().min(1).max(36_500);

export const IngestConfig = z
  .object({
    SUNLEDGER_MQTT_URL: z.url({ protocol: /^mqtts?$/ }).default("mqtt://127.0.0.1:1883"),
    SUNLEDGER_DATABASE_URL: z.string().min(1),
    /** Where frames are kept; absent: the database. */
    SUNLEDGER_TIMESERIES_URL: z.string().optional(),
    SUNLEDGER_SERVICE_SECRET: z.string().min(16),
    /** How long messages are gathered before they are committed together. */
    SUNLEDGER_COMMIT_MS: z.coerce.number().int().min(0).max(5_000).default(20),
    /** How many days stand open after they have ended, before they are packed. */
    SUNLEDGER_PACK_AFTER_DAYS: Days.default(usualKeeping.packAfterDays),
    /** For how many days values are kept, open or packed; counters are kept for ever. */
    SUNLEDGER_KEEP_RAW_DAYS: Days.default(usualKeeping.keepRawDays),
    /** For how many days roll-ups of minutes are kept; longer ones are kept for ever. */
    SUNLEDGER_KEEP_MINUTES_DAYS: Days.default(usualKeeping.keepMinutesDays),
    /** How many ingests share the gateways, and which of them this is. */
    SUNLEDGER_INGEST_WORKERS: z.coerce.number().int().min(1).max(64).default(1),
    SUNLEDGER_INGEST_WORKER: z.coerce.number().int().min(1).default(1),
    /** Mapping documents of those who are no gateways; absent: there are none. */
    SUNLEDGER_INPUT_DIR: z.string().min(1).optional(),
    /** Takes line protocol there when a port is given. */
    SUNLEDGER_WRITE_HOST: z.string().min(1).default("127.0.0.1"),
    SUNLEDGER_WRITE_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
    /** Certificate chain and key, PEM files: required beyond loopback. */
    SUNLEDGER_WRITE_TLS_CERT: z.string().optional(),
    SUNLEDGER_WRITE_TLS_KEY: z.string().optional(),
    /** What a writer has to show. */
    SUNLEDGER_WRITE_TOKEN: z.string().min(16).regex(/^\S*$/, "has spaces").optional(),
    SUNLEDGER_CLOCK: ClockMode,
    /** Serves metrics and health on 127.0.0.1 when given. */
    SUNLEDGER_INGEST_METRICS_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
    /** For the fault suite: where the process kills itself. */
    SUNLEDGER_FAILPOINT: z.string().refine(isFailpoint, "no such failpoint").optional(),
  })
  .refine(
    ({ SUNLEDGER_INGEST_WORKER, SUNLEDGER_INGEST_WORKERS }) =>
      SUNLEDGER_INGEST_WORKER <= SUNLEDGER_INGEST_WORKERS,
    { path: ["SUNLEDGER_INGEST_WORKER"], error: "there are fewer: see SUNLEDGER_INGEST_WORKERS" },
  )
  .refine(
    ({ SUNLEDGER_WRITE_PORT, SUNLEDGER_WRITE_TOKEN }) =>
      SUNLEDGER_WRITE_PORT === undefined || SUNLEDGER_WRITE_TOKEN !== undefined,
    { path: ["SUNLEDGER_WRITE_TOKEN"], error: "is needed where SUNLEDGER_WRITE_PORT is given" },
  )
  .refine(
    ({ SUNLEDGER_WRITE_PORT, SUNLEDGER_INPUT_DIR }) =>
      SUNLEDGER_WRITE_PORT === undefined || SUNLEDGER_INPUT_DIR !== undefined,
    { path: ["SUNLEDGER_INPUT_DIR"], error: "is needed where SUNLEDGER_WRITE_PORT is given" },
  )
  .refine(
    ({ SUNLEDGER_CLOCK, SUNLEDGER_INGEST_WORKERS }) =>
      SUNLEDGER_CLOCK === "system" || SUNLEDGER_INGEST_WORKERS === 1,
    { path: ["SUNLEDGER_INGEST_WORKERS"], error: "a driven clock lets one ingest know the time" },
  );
