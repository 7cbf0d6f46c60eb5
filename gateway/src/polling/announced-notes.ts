import * as z from "zod";
import type { Happening } from "./counters/counter-guard.ts";

/** Whether the broker may retain what a device is: known across restarts, so that it can be taken back. */
export const AnnouncedMemory = z.object({ announced: z.boolean() });
export type AnnouncedMemory = z.infer<typeof AnnouncedMemory>;

export type AnnouncedNotesParts = {
  /** What is remembered of a device, also from an earlier life. */
  readonly memory: (tag: string) => unknown;
  readonly note: (tag: string, happenings: readonly Happening[], memory: AnnouncedMemory) => void;
  /** The devices of which anything is. */
  readonly remembered: () => readonly string[];
};

export interface AnnouncedNotes {
  announced(tag: string): void;
  takenBack(tag: string): void;
  /** Of which devices the broker may still tell. */
  tags(): readonly string[];
}

export function announcedNotes({ memory, note, remembered }: AnnouncedNotesParts): AnnouncedNotes {
  const isAnnounced = (tag: string) =>
    AnnouncedMemory.safeParse(memory(tag)).data?.announced ?? false;
  const become = (tag: string, announced: boolean) => {
    if (isAnnounced(tag) !== announced) note(tag, [], { announced });
  };
  return {
    announced: (tag) => become(tag, true),
    takenBack: (tag) => become(tag, false),
    tags: () => remembered().filter(isAnnounced),
  };
}
