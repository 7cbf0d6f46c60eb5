import type { EpochOutcome, EpochOutcomes } from "@sunledger/store";
import * as z from "zod";

/** What a replay says of itself when all its frames are acknowledged. */
const Replayed = z.object({
  replayed: z.object({ epoch: z.uuid(), from: z.int(), to: z.int() }),
});
export type Replayed = z.infer<typeof Replayed>["replayed"];

/** The message of a replay that is done; `undefined` for any other. */
export function replayedBy(message: unknown): Replayed | undefined {
  return Replayed.safeParse(message).data?.replayed;
}

export type Sender = { readonly organisation: string; readonly gateway: string };

/** What became of the frames of a replay: an ack alone says only that they are settled. */
export function outcomeOf(
  frames: EpochOutcomes,
  sender: Sender,
  replayed: Replayed,
): Promise<EpochOutcome> {
  return frames.epochOutcome({ ...sender, ...replayed });
}

/** The outcome in one line, and in a line each what to do about what was not stored. */
export function outcomeLines(outcome: EpochOutcome): readonly [told: string, ...todo: string[]] {
  const { fresh, known, conflicts, quarantined } = outcome;
  const told =
    `${fresh} new, ${known} already there, ${quarantined} quarantined, ` +
    `${conflicts} in conflict with what is stored`;
  return [
    told,
    ...(quarantined > 0
      ? ['To do: mend what "sunledger doctor" names as the reason, then replay the file again.']
      : []),
    ...(conflicts > 0
      ? [
          "To do: see why the file differs from what is stored for the same devices and times, which " +
            "stays as it is: the file has changed since it was replayed, or another source has the " +
            "same devices. What differs is kept in the table conflict.",
        ]
      : []),
  ];
}
