import type { Gateway, GatewayDetail } from "@sunledger/model";
import type { GatewayWord } from "../devices/gateway-word.ts";

/** A gateway as it stands, by its own word. */
export function gatewayView(
  gateway: Gateway,
  word: GatewayWord,
  newestVersion: number,
): GatewayDetail {
  const status = word.statusOf(gateway);
  const { lanes, allows, configuration } = status ?? {};
  const reaches = Object.values(status?.devices ?? {}).map(({ state }) => state);
  const count = (state: string) => reaches.filter((one) => one === state).length;
  return {
    ...word.summaryOf(gateway),
    plant: gateway.plant,
    waiting: lanes ? Object.values(lanes).reduce((sum, { waiting }) => sum + waiting, 0) : null,
    ...(lanes && { lanes }),
    devices: {
      ...{ total: reaches.length, reachable: count("reachable"), asleep: count("asleep") },
    },
    takesCommands: status?.state === "online" && status.session !== undefined,
    ...(allows && { allows }),
    ...(configuration && { configuration }),
    newestVersion,
  };
}
