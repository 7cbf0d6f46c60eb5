import {
  type Balance,
  balanceOf,
  type GatewayStatus,
  Lane,
  type Range,
  withHours,
} from "@sunledger/model";
import type { FrameStore } from "./frame-store.ts";

export type BalanceQuestion = {
  readonly organisation: string;
  readonly gateway: string;
  /** What the gateway has said, before the store is asked. */
  readonly status: GatewayStatus;
};

/**
 * Compares a gateway's own counts with what the store has: the whole of each lane, and the hours in
 * which something is missing (D-13). Nothing of one that has not said what it counts.
 */
export async function balancesOf(
  store: Pick<FrameStore, "account">,
  { organisation, gateway, status }: BalanceQuestion,
): Promise<readonly Balance[]> {
  const { epoch, lanes } = status;
  if (epoch === undefined || !lanes) return [];
  const balances: Balance[] = [];
  for (const lane of Lane.options) {
    const count = lanes[lane];
    if (!count || count.produced === 0) continue;
    const hours = count.hours ?? [];
    const spans: Range[] = [[1, count.produced], ...hours.map(([, from, to]): Range => [from, to])];
    const accounts = await store.account({ organisation, gateway, epoch, lane, spans });
    const [whole, ...rest] = accounts;
    const lacking = hours.flatMap(([hour, from, to, waiting, givenUp], i): Balance[] => {
      const account = rest[i];
      if (!account) return [];
      const balance = balanceOf({ produced: to - from + 1, waiting, givenUp }, account);
      return balance.missing > 0 ? [{ lane, hour, ...balance }] : [];
    });
    if (whole) balances.push(withHours({ lane, ...balanceOf(count, whole) }, lacking));
    balances.push(...lacking);
  }
  return balances;
}
