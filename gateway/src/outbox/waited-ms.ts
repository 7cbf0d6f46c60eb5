import type { Lane } from "@sunledger/model";
import { waiting } from "./lane-state.ts";
import type { Outbox } from "./outbox.ts";

/** How old the oldest frame of each lane is that the store does not have yet: milliseconds, 0 where it has all. */
export async function waitedMs(
  outbox: Pick<Outbox, "state" | "read">,
  now: number,
): Promise<Record<Lane, number>> {
  const { lanes } = outbox.state();
  const waited = async (lane: Lane) => {
    const [first] = waiting(lanes[lane]);
    if (!first) return 0;
    // It may have been given up meanwhile.
    const [kept] = await outbox.read(lane, [[first[0], first[0]]]);
    return kept ? Math.max(0, now - kept.frame.at) : 0;
  };
  return { counters: await waited("counters"), values: await waited("values") };
}
