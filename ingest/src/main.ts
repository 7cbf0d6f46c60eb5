import { randomBytes } from "node:crypto";
import {
  loadConfig,
  openClock,
  runService,
  serveMetrics,
  steadyClock,
  writeTls,
} from "@sunledger/runtime";
import { type Ingest, startIngest } from "./app.ts";
import { awaitStore } from "./await-store.ts";
import { IngestConfig } from "./config.ts";
import { failpoint } from "./failpoint.ts";
import { sharing } from "./gateways/share.ts";
import { ingestMetrics } from "./ingest-metrics.ts";
import { hearInputs } from "./inputs/input-ear.ts";
import { serveWrites } from "./inputs/write-endpoint.ts";
import { readMappings } from "./read-mappings.ts";

const user = "_ingest";

await runService("ingest", async (scope) => {
  const config = loadConfig(IngestConfig);
  const { SUNLEDGER_MQTT_URL: mqttUrl, SUNLEDGER_SERVICE_SECRET: secret } = config;
  const pace = steadyClock();
  const { SUNLEDGER_INPUT_DIR: inputDir } = config;
  const mappings = inputDir === undefined ? [] : readMappings(inputDir);
  const tls = config.SUNLEDGER_WRITE_PORT === undefined ? undefined : writeTls(config);
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

  const share = {
    worker: config.SUNLEDGER_INGEST_WORKER,
    workers: config.SUNLEDGER_INGEST_WORKERS,
  };
  ingest = startIngest(
    {
      mqttUrl,
      mqtt: {
        clientId: `${user}-${randomBytes(4).toString("hex")}`,
        username: user,
        password: secret,
      },
      ...store,
      share,
      commitMs: config.SUNLEDGER_COMMIT_MS,
      packAfterDays: config.SUNLEDGER_PACK_AFTER_DAYS,
      keepRawDays: config.SUNLEDGER_KEEP_RAW_DAYS,
      keepMinutesDays: config.SUNLEDGER_KEEP_MINUTES_DAYS,
      failpoint: failpoint(config.SUNLEDGER_FAILPOINT),
      ...{ clock, pace },
    },
    scope,
  );
  const { inputs: desk } = ingest;
  const isOwn = sharing(share);
  hearInputs(
    {
      mqttUrl,
      mqtt: { clientId: `${user}~inputs-${share.worker}`, username: user, password: secret },
      mappings: mappings.filter((one) => one.format === "json").filter((one) => isOwn(one.gateway)),
      desk,
    },
    scope,
  );
  const { SUNLEDGER_WRITE_PORT: port, SUNLEDGER_WRITE_TOKEN: token } = config;
  if (port !== undefined && token !== undefined) {
    const lines = mappings.filter((one) => one.format === "lineProtocol");
    const host = config.SUNLEDGER_WRITE_HOST;
    await serveWrites({ host, port, tls, token, mappings: lines, desk, pace }, scope);
  }
});
