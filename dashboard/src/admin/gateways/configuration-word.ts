import type { GatewayDetail } from "@sunledger/model";

export type ConfigurationWord = {
  readonly key:
    | "unknown"
    | "file"
    | "platform"
    | "drift"
    | "behind"
    | "refused"
    | "rolledBack"
    | "trial";
  readonly values: { readonly version: number; readonly newest: number; readonly keys: string };
};

/** By whose word a gateway polls, the most telling thing first. */
export function configurationWord({
  configuration,
  newestVersion,
}: Pick<GatewayDetail, "configuration" | "newestVersion">): ConfigurationWord {
  const { source, version = 0, pushed, drift = [] } = configuration ?? {};
  const values = { version, newest: newestVersion, keys: drift.join(", ") };
  const isNewest = pushed?.version === newestVersion;
  if (source === undefined) return { key: "unknown", values };
  if (isNewest && pushed.state !== "applied") return { key: pushed.state, values };
  if (newestVersion > 0 && !isNewest) return { key: "behind", values };
  if (drift.length > 0) return { key: "drift", values };
  return { key: source, values };
}
