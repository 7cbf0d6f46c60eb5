import { randomBytes } from "node:crypto";
import { loadConfig, openClock, runService, systemClock } from "@sunledger/runtime";
import { openDatabase, openFrameStore, postgresRecords } from "@sunledger/store";
import { startIngest } from "./app.ts";
import { IngestConfig } from "./config.ts";
import { failpoint } from "./failpoint.ts";

const user = "_ingest";

await runService("ingest", async (scope) => {
  const config = loadConfig(IngestConfig);
  const database = await openDatabase(config.SUNLEDGER_DATABASE_URL, {
    name: "sunledger-ingest",
    onError: (error) => scope.log.warn({ err: error }, "database"),
  });
  const records = postgresRecords(database);
  scope.onStop("records", () => records.close());
  const frameStore = await openFrameStore(config.SUNLEDGER_TIMESERIES_URL, database);
  scope.onStop("frame store", () => frameStore.close());

  const { SUNLEDGER_MQTT_URL: mqttUrl, SUNLEDGER_SERVICE_SECRET: secret } = config;
  const clock = await openClock(scope, { mode: config.SUNLEDGER_CLOCK, mqttUrl, user, secret });

  startIngest(
    {
      mqttUrl,
      mqtt: {
        clientId: `${user}-${randomBytes(4).toString("hex")}`,
        username: user,
        password: secret,
      },
      frameStore,
      records,
      commitMs: config.SUNLEDGER_COMMIT_MS,
      failpoint: failpoint(config.SUNLEDGER_FAILPOINT),
      clock,
      pace: systemClock(),
    },
    scope,
  );
});
