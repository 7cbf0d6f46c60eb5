import { awaitBroker, loadConfig } from "@sunledger/runtime";
import { houseEnvironment } from "../environment.ts";
import { PlainError } from "../plain-error.ts";
import { HouseSettings } from "../settings.ts";
import { dataFolder } from "../start/data-folder.ts";
import { readHouseRecord } from "../start/house-record.ts";
import { withinSentence } from "../start/require-broker.ts";

const patienceMs = 5_000;

/** What a driver of a house's clock is told; throws one sentence when there is nothing to drive. */
export async function houseToDrive(): Promise<Record<string, string>> {
  const settings = loadConfig(HouseSettings);
  const folder = dataFolder(settings.SUNLEDGER_DATA_DIR);
  const house = houseEnvironment();
  const mqttUrl = settings.SUNLEDGER_MQTT_URL ?? house.SUNLEDGER_MQTT_URL;
  const secret = process.env.SUNLEDGER_SERVICE_SECRET || house.SUNLEDGER_SERVICE_SECRET || "";
  const advice = 'start one with "sunledger start --clock driven", or leave --speed out.';
  if (mqttUrl === undefined) {
    throw new PlainError(
      `--speed drives a house's clock, and none runs on ${folder.path}: ${advice}`,
    );
  }
  if (settings.SUNLEDGER_MQTT_URL === undefined && readHouseRecord(folder)?.clock === "system") {
    throw new PlainError(
      `--speed drives a house's clock, and the one on ${folder.path} keeps the system's: ${advice}`,
    );
  }
  const { signal } = new AbortController();
  const reason = await awaitBroker({ mqttUrl, user: "_driver", secret, patienceMs, signal });
  if (reason !== undefined) {
    throw new PlainError(
      `--speed drives a house's clock by its broker, and ${new URL(mqttUrl).host} cannot be used ` +
        `(${withinSentence(reason)}): ${advice}`,
    );
  }
  return { SUNLEDGER_MQTT_URL: mqttUrl, SUNLEDGER_SERVICE_SECRET: secret };
}
