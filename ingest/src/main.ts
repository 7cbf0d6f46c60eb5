import { randomBytes } from "node:crypto";
import { loadConfig, openClock, runService, serveMetrics, steadyClock } from "@sunledger/runtime";
import { type Ingest, startIngest } from "./app.ts";
import { awaitStore } from "./await-store.ts";
import { IngestConfig } from "./config.ts";
import { failpoint } from "./failpoint.ts";
import { ingestMetrics } from "./ingest-metrics.ts";

const user = "_ingest";

await runService("ingest", async (scope) => {
  const config = loadConfig(IngestConfig);
  const { SUNLEDGER_MQTT_URL: mqttUrl, SUNLEDGER_SERVICE_SECRET: secret } = config;
  const pace = steadyClock();
  let ingest: Ingest | undefined;

  // Before the store is there: who looks at it is to see what is missing.
  if (config.SUNLEDGER_INGEST_METRICS_PORT !== undefined) {
    const served = await serveMetrics(
      ingestMetrics(() => ingest),
      () => (ingest ? ingest.missing() : "database"),
      config.SUNLEDGER_INGEST_METRICS_PORT,
    );
    scope.onStop("metrics", () => served.close());
  }

  const place = {
    databaseUrl: config.SUNLEDGER_DATABASE_URL,
    framesUrl: config.SUNLEDGER_TIMESERIES_URL,
  };
  const store = await awaitStore(place, pace, scope);
  if (!store) return;
  const clock = await openClock(scope, { mode: config.SUNLEDGER_CLOCK, mqttUrl, user, secret });

  ingest = startIngest(
    {
      mqttUrl,
      mqtt: {
        clientId: `${user}-${randomBytes(4).toString("hex")}`,
        username: user,
        password: secret,
      },
      ...store,
      share: {
        worker: config.SUNLEDGER_INGEST_WORKER,
        workers: config.SUNLEDGER_INGEST_WORKERS,
      },
      commitMs: config.SUNLEDGER_COMMIT_MS,
      packAfterDays: config.SUNLEDGER_PACK_AFTER_DAYS,
      keepRawDays: config.SUNLEDGER_KEEP_RAW_DAYS,
      keepMinutesDays: config.SUNLEDGER_KEEP_MINUTES_DAYS,
      failpoint: failpoint(config.SUNLEDGER_FAILPOINT),
      ...{ clock, pace },
    },
    scope,
  );
});
