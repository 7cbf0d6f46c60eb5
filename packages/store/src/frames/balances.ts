import { type Balance, balanceOf, type GatewayStatus, Lane, type Range } from "@sunledger/model";
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
    if (whole) balances.push({ lane, ...balanceOf(count, whole) });
    hours.forEach(([hour, from, to, waiting, givenUp], i) => {
      const account = rest[i];
      if (!account) return;
      const balance = balanceOf({ produced: to - from + 1, waiting, givenUp }, account);
      if (balance.missing > 0) balances.push({ lane, hour, ...balance });
    });
  }
  return balances;
}
