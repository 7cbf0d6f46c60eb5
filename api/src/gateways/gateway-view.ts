import type { Balance, Gateway, GatewayDetail } from "@sunledger/model";
import type { Company, GatewayWord } from "../devices/gateway-word.ts";

export type GatewayViewParts = {
  readonly word: GatewayWord;
  readonly company: Company;
  readonly newestVersion: number;
  readonly hasDelivered: boolean;
  readonly balances: readonly Balance[];
};

/** A gateway as it stands, by its own word as far as that still holds. */
export function gatewayView(
  gateway: Gateway,
  { word, company, newestVersion, hasDelivered, balances }: GatewayViewParts,
): GatewayDetail {
  const status = word.statusOf(gateway);
  const { lanes, allows, configuration, outbox, clock, refusedLayouts, certificateUntil } =
    status ?? {};
  const reaches = Object.values(status?.devices ?? {}).map(({ state }) => state);
  const holds = word.holdsOf(gateway, company);
  const count = (state: string) => (holds ? reaches.filter((one) => one === state).length : 0);
  return {
    ...word.summaryOf(gateway),
    plant: gateway.plant,
    imports: status === undefined && hasDelivered,
    waiting: lanes ? Object.values(lanes).reduce((sum, { waiting }) => sum + waiting, 0) : null,
    ...(lanes && { lanes }),
    balances: [...balances],
    ...(outbox && { outbox }),
    ...(clock && { clock }),
    ...(certificateUntil !== undefined && { certificateUntil }),
    ...(refusedLayouts && { refusedLayouts }),
    devices: {
      ...{ total: reaches.length, reachable: count("reachable"), asleep: count("asleep") },
      unheard: holds ? 0 : reaches.length,
    },
    takesCommands: status?.state === "online" && status.session !== undefined,
    ...(allows && { allows }),
    ...(configuration && { configuration }),
    newestVersion,
  };
}
