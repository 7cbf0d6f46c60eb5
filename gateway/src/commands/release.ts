import { Failure } from "./failure.ts";
import type { InHand, OrderOf, Outcome } from "./order.ts";
import { Refusal } from "./refusal.ts";
import { noteEvent, type SetPointParts } from "./set-points.ts";

/** Brings a set-point back now. What cannot be reached is brought back as soon as it can. */
export async function release(
  { device, point }: OrderOf<"release">,
  hand: InHand,
  parts: SetPointParts,
): Promise<Outcome> {
  const { holds, clock } = parts;
  const hold = holds.find(device, point);
  if (!hold) throw new Refusal("nothingToRelease", `${point} of ${device} stands on no order`);
  const result = await holds.exclusively(device, point, () => {
    hand.stillCounts();
    hand.accepted();
    return holds.bringBack(hold);
  });
  if (result === "busy") throw new Refusal("busy", `${point} of ${device} is being written`);
  const { outcome, reason = "", written } = result;
  if (outcome === "waiting") {
    holds.keep({ ...hold, revertAt: clock.now(), left: { ms: 0 } });
    throw new Failure("unreachable", reason, written);
  }
  holds.drop(hold);
  if (outcome === "done") {
    noteEvent("reverted", { ...hold, by: hand.by, command: hand.id }, hold, parts);
  }
  if (outcome === "done" || outcome === "alreadyBack") return { ...(written && { written }) };
  throw new Failure("readBackDiffers", reason, written);
}
