import { loadConfig } from "@sunledger/runtime";
import { DataFolderSettings } from "./settings.ts";
import { dataFolder } from "./start/data-folder.ts";
import { readRunningHouse } from "./start/running-house.ts";
import { readSecrets } from "./start/secrets.ts";

/**
 * The settings that the environment leaves open, as the house in the data folder has them: a program
 * run alone, or a question asked from another terminal, then meets the same database and broker.
 */
export function houseEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const folder = dataFolder(loadConfig(DataFolderSettings, env).SUNLEDGER_DATA_DIR);
  const house = readRunningHouse(folder);
  const secrets = readSecrets(folder);
  const known = {
    SUNLEDGER_DATABASE_URL: house?.databaseUrl,
    SUNLEDGER_MQTT_URL: house?.mqttUrl,
    SUNLEDGER_SERVICE_SECRET: secrets?.service,
    SUNLEDGER_AUTH_SECRET: secrets?.auth,
  };
  return Object.fromEntries(
    Object.entries(known).flatMap(([name, value]) => (value && !env[name] ? [[name, value]] : [])),
  );
}
