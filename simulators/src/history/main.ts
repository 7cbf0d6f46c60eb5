import { loadConfig, runJob } from "@sunledger/runtime";
import { loadScenario } from "../scenario/load-scenario.ts";
import { HistoryConfig } from "./config.ts";
import { sendHistory } from "./send-history.ts";

await runJob("history", async (scope) => {
  const config = loadConfig(HistoryConfig);
  await sendHistory(
    {
      scenario: await loadScenario(config.SUNLEDGER_SCENARIO),
      mqttUrl: config.SUNLEDGER_MQTT_URL,
      secrets: config.SUNLEDGER_GATEWAY_SECRETS,
      until: config.SUNLEDGER_HISTORY_UNTIL,
    },
    scope,
  );
});
