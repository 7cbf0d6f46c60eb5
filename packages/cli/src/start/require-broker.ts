import { join } from "node:path";
import { awaitBroker } from "@sunledger/runtime";
import { PlainError } from "../plain-error.ts";
import type { DataFolder } from "./data-folder.ts";

type Place = {
  readonly mqttUrl: string;
  /** What the house's programs show to the broker. */
  readonly secret: string;
  readonly folder: DataFolder;
  readonly patienceMs: number;
  readonly signal: AbortSignal;
};

/** Throws one sentence when the broker that was named does not take the house's programs in time. */
export async function requireBroker(place: Place): Promise<void> {
  const { mqttUrl, folder } = place;
  const reason = await awaitBroker({ ...place, user: "_api" });
  if (reason === undefined || place.signal.aborted) return;
  const said = withinSentence(reason);
  const advice = said.includes("password")
    ? `give its users _ingest and _api the service secret of ${join(folder.path, "secrets.json")}, ` +
      "as infra/mosquitto/README.md says."
    : "start it, or check SUNLEDGER_MQTT_URL.";
  throw new PlainError(`Cannot use the broker at ${new URL(mqttUrl).host} (${said}): ${advice}`);
}

/** A sentence as a part of another. */
export function withinSentence(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, "")}`;
}

/** What is said when the house's own broker has not started. */
export function withoutBroker(folder: DataFolder, said: string | undefined): string {
  const log = join(folder.logs, "broker.log");
  if (said === undefined) return `The broker has not started: read the end of ${log}.`;
  return `The broker has not started: ${withinSentence(said).replaceAll("\n", " ")}. Log: ${log}`;
}
