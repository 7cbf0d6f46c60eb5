import { randomBytes } from "node:crypto";
import { loadConfig, openClock, runService, systemClock } from "@sunledger/runtime";
import { startApi } from "./app.ts";
import { comingStore } from "./coming-store.ts";
import { ApiConfig, listenOn } from "./config.ts";
import { openStore } from "./open-store.ts";
import { openProfileLibrary } from "./profiles/profile-library.ts";

await runService("api", async (scope) => {
  const config = loadConfig(ApiConfig);
  const { listen, publicUrl } = listenOn(config);
  const { SUNLEDGER_MQTT_URL: mqttUrl, SUNLEDGER_SERVICE_SECRET: secret } = config;
  const pace = systemClock();
  const clock = await openClock(scope, {
    ...{ mode: config.SUNLEDGER_CLOCK, mqttUrl, user: "_api", secret },
  });

  const place = {
    databaseUrl: config.SUNLEDGER_DATABASE_URL,
    framesUrl: config.SUNLEDGER_TIMESERIES_URL,
    ...{ secret: config.SUNLEDGER_AUTH_SECRET, publicUrl },
  };
  const store = comingStore({ open: () => openStore(place, scope), pace }, scope);
  const { records, commands, configurations, rollouts, audit, conditions } = store;
  const { lease, frames, identity } = store;
  const profiles = openProfileLibrary({
    folders: [config.SUNLEDGER_SHIPPED_PROFILES, config.SUNLEDGER_PROFILE_DIR].flatMap(
      (folder) => folder ?? [],
    ),
    log: scope.log,
  });

  const { address } = await startApi(
    {
      ...{ clock, pace, records, frames, identity, listen },
      ...{ commands, configurations, rollouts, audit, conditions, lease, profiles },
      broker: { url: mqttUrl, secret, instance: randomBytes(4).toString("hex") },
      needs: [
        { name: "database", check: () => store.ask() },
        { name: "frame store", check: () => frames.incarnation() },
      ],
      trustedProxies: config.SUNLEDGER_TRUSTED_PROXIES,
      secure: publicUrl.startsWith("https:"),
      dashboard: config.SUNLEDGER_DASHBOARD_DIR,
    },
    scope,
  );
  scope.log.info({ address }, "answering");
  await store.opened;
});
