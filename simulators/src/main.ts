import { dirname } from "node:path";
import {
  ConfigError,
  drivenClock,
  loadConfig,
  openClock,
  openDriver,
  runService,
  simulatorFault,
  systemClock,
} from "@sunledger/runtime";
import { keptUntil, startSimulators } from "./app.ts";
import { SimulatorsConfig } from "./config.ts";
import { driveManners, driveOf } from "./drive-manners.ts";
import { driveTime } from "./drive-time.ts";
import { serveLedger } from "./ledger/serve-ledger.ts";
import { loadTraces } from "./replay/load-traces.ts";
import { loadScenario } from "./scenario/load-scenario.ts";

await runService("simulators", async (scope) => {
  const config = loadConfig(SimulatorsConfig);
  const fault = simulatorFault(config);
  if (fault !== undefined) throw new ConfigError(fault);
  const drive = driveOf(process.argv.slice(2));
  const { SUNLEDGER_LEDGER_DIR: ledgerDir, SUNLEDGER_LEDGER_PORT: ledgerPort } = config;
  if (ledgerPort !== undefined) {
    if (ledgerDir === undefined) {
      throw new ConfigError("SUNLEDGER_LEDGER_PORT needs the ledger of SUNLEDGER_LEDGER_DIR");
    }
    const server = await serveLedger(ledgerDir, ledgerPort);
    scope.onStop("ledger's port", () => server.close());
  }
  const scenario = await loadScenario(config.SUNLEDGER_SCENARIO);
  const folder = dirname(config.SUNLEDGER_SCENARIO);
  const traces = await loadTraces(scenario, folder, (file, rows) =>
    scope.log.warn({ file, rows }, "a trace has rows that cannot be read"),
  );
  const { SUNLEDGER_MQTT_URL: mqttUrl, SUNLEDGER_SERVICE_SECRET: secret } = config;
  const { SUNLEDGER_LEDGER_MB: megabytes } = config;
  const parts = {
    scenario,
    traces,
    host: config.SUNLEDGER_SIMULATOR_HOST,
    port: config.SUNLEDGER_SIMULATOR_PORT,
    ledgerDir,
    ledgerBytes: megabytes && megabytes * 1024 * 1024,
    stateDir: config.SUNLEDGER_STATE_DIR,
  };

  if (drive === undefined) {
    const mode = config.SUNLEDGER_CLOCK;
    const clock = await openClock(scope, { mode, mqttUrl, user: "_simulators", secret });
    await startSimulators({ ...parts, clock }, scope);
    return;
  }

  const pace = systemClock();
  const kept = await keptUntil(config.SUNLEDGER_STATE_DIR, scenario);
  const clock = drivenClock(Math.max(kept, scenario.start ?? pace.now()));
  await startSimulators({ ...parts, clock }, scope);
  const gateways = scenario.plants.map(({ gateway }) => gateway);
  const central = config.SUNLEDGER_DRIVEN_PROGRAMS;
  const driver = await openDriver({ mqttUrl, secret }, [...central, ...gateways], {
    ...driveManners(drive, central, gateways),
    onBehind: (program) => scope.log.warn({ program }, "left behind: time goes on without it"),
    onBack: (program) => scope.log.info({ program }, "is back at the present time"),
  });
  scope.onStop("driver", () => driver.close());
  void driveTime({ clock, driver, speed: drive.speed, pace, readers: gateways }, scope);
});
