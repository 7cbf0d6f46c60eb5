import { loadConfig, openClock, runService } from "@sunledger/runtime";
import { startSimulators } from "./app.ts";
import { SimulatorsConfig } from "./config.ts";
import { loadScenario } from "./scenario/load-scenario.ts";

await runService("simulators", async (scope) => {
  const config = loadConfig(SimulatorsConfig);
  const scenario = await loadScenario(config.SUNLEDGER_SCENARIO);
  const clock = await openClock(scope, {
    mode: config.SUNLEDGER_CLOCK,
    mqttUrl: config.SUNLEDGER_MQTT_URL,
    user: "_simulators",
    secret: config.SUNLEDGER_SERVICE_SECRET,
  });

  await startSimulators(
    {
      scenario,
      clock,
      host: config.SUNLEDGER_SIMULATOR_HOST,
      port: config.SUNLEDGER_SIMULATOR_PORT,
      ledgerDir: config.SUNLEDGER_LEDGER_DIR,
      stateDir: config.SUNLEDGER_STATE_DIR,
    },
    scope,
  );
});
