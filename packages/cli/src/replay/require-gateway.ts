import { join } from "node:path";
import { awaitBroker } from "@sunledger/runtime";
import { PlainError } from "../plain-error.ts";
import type { DataFolder } from "../start/data-folder.ts";
import { withinSentence } from "../start/require-broker.ts";

type Place = {
  readonly mqttUrl: string;
  readonly gateway: string;
  readonly secret: string;
  readonly folder: DataFolder;
};

const patienceMs = 5_000;

/** Throws one sentence when the broker does not take the gateway that a replay speaks as. */
export async function requireGateway({ mqttUrl, gateway, secret, folder }: Place): Promise<void> {
  const { signal } = new AbortController();
  const user = { user: gateway, clientId: gateway, secret };
  const reason = await awaitBroker({ mqttUrl, ...user, patienceMs, signal });
  if (reason === undefined) return;
  const { host } = new URL(mqttUrl);
  if (reason.includes("password")) {
    throw new PlainError(
      `The broker at ${host} does not know the gateway ${gateway}: add it there with its secret ` +
        `from ${join(folder.path, "secrets.json")}, as infra/mosquitto/README.md says.`,
    );
  }
  throw new PlainError(
    `Cannot use the broker at ${host} (${withinSentence(reason)}): check that the house runs.`,
  );
}
