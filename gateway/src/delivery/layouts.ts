import { type Layout, mostPayloadBytes, topics, type WithheldLayout } from "@sunledger/model";
import { packJson } from "@sunledger/runtime";
import type { BrokerSession } from "./broker-session.ts";

/** Announces the layouts of one session. */
export interface LayoutAnnouncer {
  announce: AnnounceLayout;
  /** Whoever was told may not have understood, or has forgotten it: each is told anew before its next use. */
  again(): void;
}

/**
 * Says in one session which points a layout names: once, and before its first use. One that no broker
 * takes would end every session anew: that it is withheld is said in its place.
 */
export type AnnounceLayout = (hash: string) => Promise<void>;

export function layoutAnnouncer(
  session: BrokerSession,
  gateway: string,
  layouts: () => ReadonlyMap<string, Layout>,
): LayoutAnnouncer {
  const said = new Map<string, Promise<void>>();
  const say = async (hash: string) => {
    const layout = layouts().get(hash);
    if (!layout) throw new Error(`the outbox has frames of layout ${hash} and not the layout`);
    const whole = await packJson(layout);
    const payload =
      whole.length > mostPayloadBytes ? await packJson(withheld(layout, whole)) : whole;
    await session.publish(topics.layout(gateway, hash), payload, { qos: 1, retain: true });
  };
  const announce: AnnounceLayout = (hash) => {
    const before = said.get(hash);
    if (before !== undefined) return before;
    const saying = say(hash);
    said.set(hash, saying);
    saying.catch(() => said.delete(hash));
    return saying;
  };
  return { announce, again: () => said.clear() };
}

function withheld({ lane }: Layout, { length }: Buffer): WithheldLayout {
  return { lane, withheld: `it weighs ${length} bytes, and a broker takes ${mostPayloadBytes}` };
}
