import type { Clock } from "@sunledger/runtime";
import type { Device } from "../polling/device.ts";
import { Failure } from "./failure.ts";
import type { InHand, OrderOf, Outcome, Progress } from "./order.ts";
import { Refusal } from "./refusal.ts";

export type TraceParts = {
  readonly clock: Clock;
  /** A device that is polled now. */
  readonly device: (tag: string) => Pick<Device, "trace"> | undefined;
};

const usualMs = 10_000;
const usualPieces = 200;
/** What goes within this time is told together. */
const togetherMs = 500;
const mostTogether = 50;

/** Tells the bytes that go over the line of a device that is polled, for a time: nothing is asked for it. */
export async function trace(
  { device: tag, forMs = usualMs, most = usualPieces }: OrderOf<"trace">,
  hand: InHand,
  { clock, device: find }: TraceParts,
): Promise<Outcome> {
  const device = find(tag);
  if (!device) throw new Refusal("unknownDevice", `this gateway polls no ${tag}`);
  hand.accepted();

  let untold: NonNullable<Progress["bytes"]> = [];
  let timer: NodeJS.Timeout | undefined;
  const tell = () => {
    clearTimeout(timer);
    timer = undefined;
    const bytes = untold;
    untold = [];
    if (bytes.length > 0) hand.progress({ bytes });
  };
  const pieces = await device.trace({ forMs, most, signal: hand.signal }, (piece) => {
    untold.push({ at: clock.now(), ...piece });
    if (untold.length >= mostTogether) tell();
    else timer ??= setTimeout(tell, togetherMs);
  });
  tell();
  if (hand.signal.aborted) throw new Failure("cancelled", `${pieces} pieces were shown by then`);
  return { traced: { pieces, isFull: pieces >= most } };
}
