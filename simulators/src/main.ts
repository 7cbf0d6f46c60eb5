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
import { SimulatorsConfig, speedOf } from "./config.ts";
import { driveTime } from "./drive-time.ts";
import { loadScenario } from "./scenario/load-scenario.ts";

/** A gateway at a device that is away waits out a few time-outs of the network before it answers. */
const gatewayPatienceMs = 20_000;

await runService("simulators", async (scope) => {
  const config = loadConfig(SimulatorsConfig);
  const fault = simulatorFault(config);
  if (fault !== undefined) throw new ConfigError(fault);
  const speed = speedOf(process.argv.slice(2));
  const scenario = await loadScenario(config.SUNLEDGER_SCENARIO);
  const { SUNLEDGER_MQTT_URL: mqttUrl, SUNLEDGER_SERVICE_SECRET: secret } = config;
  const parts = {
    scenario,
    host: config.SUNLEDGER_SIMULATOR_HOST,
    port: config.SUNLEDGER_SIMULATOR_PORT,
    ledgerDir: config.SUNLEDGER_LEDGER_DIR,
    stateDir: config.SUNLEDGER_STATE_DIR,
  };

  if (speed === undefined) {
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
  const programs = [...config.SUNLEDGER_DRIVEN_PROGRAMS, ...gateways];
  const driver = await openDriver({ mqttUrl, secret }, programs, {
    patienceMs: gatewayPatienceMs,
    mayStayBehind: gateways,
    onBehind: (program) => scope.log.warn({ program }, "left behind: time goes on without it"),
    onBack: (program) => scope.log.info({ program }, "is back at the present time"),
  });
  scope.onStop("driver", () => driver.close());
  void driveTime({ clock, driver, speed, pace }, scope);
});
