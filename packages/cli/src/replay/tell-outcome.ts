import { type Database, type EpochOutcome, epochOutcome } from "@sunledger/store";
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

/** Says in one line what became of the frames of a replay: an ack alone says only that it is settled. */
export async function outcomeLine(
  frames: Database,
  sender: Sender,
  replayed: Replayed,
): Promise<string> {
  return inWords(await epochOutcome(frames, { ...sender, ...replayed }));
}

function inWords({ fresh, known, conflicts, quarantined }: EpochOutcome): string {
  return (
    `${fresh} new, ${known} already there, ${quarantined} quarantined, ` +
    `${conflicts} in conflict with what is stored`
  );
}
