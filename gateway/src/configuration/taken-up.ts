import type { ConfigurationState } from "@sunledger/model";
import type { GatewayConfig } from "../config.ts";
import type { PushedConfiguration, Version } from "./pushed-file.ts";

type Pushed = NonNullable<ConfigurationState["pushed"]>;

/** What became of a pushed version, as the status says it. */
export type Saying = (
  version: number,
  state: Pushed["state"],
  reasons?: readonly string[],
) => Pushed;

/** A version that stops the gateway is started with no more often than this. */
const mostStarts = 3;

/**
 * What a gateway that starts lives by, and what is kept of it from now on: the version that ran last,
 * unless it no longer goes with the file, or has been started with in vain.
 */
export function takenUp(
  kept: PushedConfiguration,
  configOf: (version: Version | undefined) => GatewayConfig | readonly string[],
  saying: Saying,
): {
  readonly next: PushedConfiguration;
  /** Absent where the file's word counts. */
  readonly config?: GatewayConfig;
  readonly reasons?: readonly string[];
} {
  const { running, trial, pushed } = kept;
  if (!running) return { next: kept };
  const config = configOf(running);
  if (isRefused(config)) {
    const isNewest = pushed?.version === running.version;
    const said = isNewest ? saying(running.version, "refused", config) : pushed;
    return { next: { v: 1, pushed: said }, reasons: config };
  }
  if (!trial) return { next: kept, config };
  if (trial.starts < mostStarts) {
    return { next: { ...kept, trial: { ...trial, starts: trial.starts + 1 } }, config };
  }
  const reasons = [
    `the gateway was started ${mostStarts} times with it and never reached the broker`,
  ];
  const said = saying(running.version, "rolledBack", reasons);
  const before = trial.before && configOf(trial.before);
  if (!before || isRefused(before)) return { next: { v: 1, pushed: said }, reasons };
  return { next: { v: 1, running: trial.before, pushed: said }, config: before, reasons };
}

function isRefused(config: GatewayConfig | readonly string[]): config is readonly string[] {
  return Array.isArray(config);
}
