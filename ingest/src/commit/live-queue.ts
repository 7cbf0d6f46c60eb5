import type { AddressedLive } from "./live.ts";

/** Live messages on their way to the broker, in order; no commit waits for them. */
export type LiveQueue = {
  /** Answers how many messages were given up for lack of room: the oldest, which interest least. */
  add(messages: readonly AddressedLive[]): number;
};

export function liveQueue(
  tell: (message: AddressedLive) => Promise<void>,
  mostFrames = 20_000,
): LiveQueue {
  const waiting: AddressedLive[] = [];
  let frames = 0;
  let isTelling = false;

  const takeOldest = () => {
    const oldest = waiting.shift();
    frames -= oldest?.message.frames.length ?? 0;
    return oldest;
  };

  const tellAll = async () => {
    isTelling = true;
    for (let next = takeOldest(); next; next = takeOldest()) {
      await tell(next).catch(() => {}); // news may be lost, the next is told all the same
    }
    isTelling = false;
  };

  return {
    add(messages) {
      waiting.push(...messages);
      for (const { message } of messages) frames += message.frames.length;
      let givenUp = 0;
      for (; frames > mostFrames && waiting.length > 1; givenUp += 1) takeOldest();
      if (!isTelling) void tellAll();
      return givenUp;
    },
  };
}
