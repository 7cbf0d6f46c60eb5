import { type Layout, topics } from "@sunledger/model";
import type { BrokerSession } from "./broker-session.ts";

/** Says, for ever, which points a layout names. Resolves when the broker has it. */
export async function announceLayout(
  session: BrokerSession,
  gateway: string,
  hash: string,
  layouts: ReadonlyMap<string, Layout>,
): Promise<void> {
  const layout = layouts.get(hash);
  if (!layout) throw new Error(`the outbox has frames of layout ${hash} and not the layout`);
  await session.publish(topics.layout(gateway, hash), JSON.stringify(layout), {
    qos: 1,
    retain: true,
  });
}
