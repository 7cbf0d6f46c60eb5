import { randomBytes } from "node:crypto";
import { loadConfig, openClock, runService } from "@sunledger/runtime";
import { openDatabase, openFrameStore, postgresRecords } from "@sunledger/store";
import { startApi } from "./app.ts";
import { ApiConfig } from "./config.ts";
import { openIdentity } from "./identity/open-identity.ts";

await runService("api", async (scope) => {
  const config = loadConfig(ApiConfig);
  const { SUNLEDGER_HTTP_HOST: host, SUNLEDGER_HTTP_PORT: port } = config;
  const { SUNLEDGER_MQTT_URL: mqttUrl, SUNLEDGER_SERVICE_SECRET: secret } = config;
  const publicUrl = config.SUNLEDGER_PUBLIC_URL ?? `http://${host}:${port}`;
  const clock = await openClock(scope, {
    ...{ mode: config.SUNLEDGER_CLOCK, mqttUrl, user: "_api", secret },
  });

  const database = await openDatabase(config.SUNLEDGER_DATABASE_URL, {
    name: "sunledger-api",
    onError: (err) => scope.log.warn({ err }, "database"),
  });
  scope.onStop("database", () => database.close());
  const frames = await openFrameStore(config.SUNLEDGER_TIMESERIES_URL, database);
  scope.onStop("frames", () => frames.close());
  const records = postgresRecords(database);

  const { address } = await startApi(
    {
      ...{ clock, records, frames, listen: { host, port } },
      identity: await openIdentity({
        ...{ database, records, publicUrl },
        secret: config.SUNLEDGER_AUTH_SECRET,
      }),
      broker: { url: mqttUrl, secret, instance: randomBytes(4).toString("hex") },
      needs: [
        { name: "database", check: () => database.pool.query("select 1") },
        { name: "frame store", check: () => frames.incarnation() },
      ],
      secure: publicUrl.startsWith("https:"),
      dashboard: config.SUNLEDGER_DASHBOARD_DIR,
    },
    scope,
  );
  scope.log.info({ address }, "answering");
});
