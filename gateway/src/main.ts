import { loadConfig, openClock, runService } from "@sunledger/runtime";
import manifest from "../package.json" with { type: "json" };
import { startGateway } from "./app.ts";
import { GatewaySettings } from "./config.ts";
import { loadProfiles } from "./profiles/load-profiles.ts";
import { keepReading } from "./site-file/keep-reading.ts";
import { readGatewayConfig } from "./site-file/read-gateway-config.ts";
import { loadSunspecModels, sunspecPointNames } from "./sunspec/models.ts";
import { serveManager } from "./watchdog/serve-manager.ts";

await runService("gateway", async (scope) => {
  const settings = loadConfig(GatewaySettings);
  const { SUNLEDGER_MQTT_URL: url, SUNLEDGER_GATEWAY_SECRET: secret } = settings;
  const folder = settings.SUNLEDGER_PROFILE_DIR;

  const models = loadSunspecModels();
  const sunspec = sunspecPointNames(models);
  const file = settings.SUNLEDGER_GATEWAY_CONFIG;
  const readSite = () => {
    const profiles = loadProfiles({ sunspec, ...(folder !== undefined && { folder }) });
    return { profiles, config: readGatewayConfig(file, profiles) };
  };
  const { config, profiles } = readSite();

  const mode = settings.SUNLEDGER_CLOCK;
  const clock = await openClock(scope, { mode, mqttUrl: url, user: config.id, secret });

  const gateway = await startGateway(
    {
      config,
      profiles,
      models,
      clock,
      version: manifest.version,
      broker: { url, secret },
      outboxFolder: settings.SUNLEDGER_OUTBOX_DIR,
      waitForDisk: mode === "driven",
      configurationProvenMs: settings.SUNLEDGER_GATEWAY_PROVE_MS,
      metricsPort: settings.SUNLEDGER_GATEWAY_METRICS_PORT ?? config.metrics?.port,
    },
    scope,
  );

  const apply = () => gateway.reconfigure(readSite());
  const rereading = keepReading({ file, apply, log: scope.log }, scope.signal);
  scope.onStop("configuration", () => rereading.settled());
  process.on("SIGHUP", rereading.again);
  scope.onStop("SIGHUP", () => process.off("SIGHUP", rereading.again));

  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: watchdogUs, WATCHDOG_PID: watched } = settings;
  if (socket !== undefined) {
    const isOurs = watched === undefined || watched === process.pid;
    const watchdogMs = isOurs && watchdogUs !== undefined ? watchdogUs / 1_000 : undefined;
    await serveManager({ socket, watchdogMs, stalled: gateway.stalled }, scope);
  }
});
