import { ConfigError, type Scope } from "@sunledger/runtime";
import { originOf, type Scenario, type SimulatedPlant } from "../scenario/scenario.ts";
import { openFrameSender } from "../sender/frame-sender.ts";
import { countPolls, historyFrames } from "./history-frames.ts";

export type HistoryParts = {
  readonly scenario: Scenario;
  readonly mqttUrl: string;
  /** By history gateway. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly until: number;
  readonly days?: number;
};

/** Sends the past of every plant at once; resolves when all of it is acknowledged. */
export async function sendHistory(parts: HistoryParts, scope: Scope): Promise<void> {
  const { scenario, secrets } = parts;
  const missing = scenario.plants.filter(({ historyGateway }) => !secrets[historyGateway]);
  if (missing.length > 0) {
    const names = missing.map(({ historyGateway }) => historyGateway).join(", ");
    throw new ConfigError(`SUNLEDGER_GATEWAY_SECRETS has no secret for ${names}`);
  }
  await Promise.all(scenario.plants.map((plant) => sendPlant(plant, parts, scope)));
}

async function sendPlant(
  plant: SimulatedPlant,
  { scenario, mqttUrl, secrets, until, days }: HistoryParts,
  { log, signal, onStop }: Scope,
): Promise<void> {
  const gateway = plant.historyGateway;
  const span = { origin: originOf(scenario, until), until, ...(days !== undefined && { days }) };
  const sender = await openFrameSender({
    place: { url: mqttUrl, gateway, secret: secrets[gateway] ?? "" },
    log,
    signal,
  });
  onStop(`sender ${gateway}`, () => sender.close());

  log.info({ gateway, polls: countPolls(plant, span) }, "history begins");
  for (const frame of historyFrames(scenario.seed, plant, span)) await sender.send(frame);
  await sender.drained();
  log.info({ gateway, frames: sender.counts().acknowledged }, "history is complete");
}
