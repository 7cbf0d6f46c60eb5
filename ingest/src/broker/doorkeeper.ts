import type { Clock } from "@sunledger/runtime";
import { type TokenBucket, tokenBucket } from "./token-bucket.ts";

/** Keeps connection storms and guessing from eating the machine; honest clients come back later. */
export type Doorkeeper = {
  mayEnter(remote: string): boolean;
  /** A sign-in from there was refused: a few are forgiven, then one a second. */
  noteRefusal(remote: string): void;
};

const connects = { burst: 500, perSecond: 200 };
const refusals = { burst: 20, perSecond: 1 };
const mostRemembered = 5_000;

export function doorkeeper(pace: Clock): Doorkeeper {
  const everybody = tokenBucket(connects, pace);
  const refused = new Map<string, TokenBucket>();

  return {
    mayEnter(remote) {
      if (refused.get(remote)?.hasMore() === false) return false;
      return everybody.take();
    },

    noteRefusal(remote) {
      if (refused.size >= mostRemembered) forget(refused);
      const bucket = refused.get(remote) ?? tokenBucket(refusals, pace);
      refused.set(remote, bucket);
      bucket.take();
    },
  };
}

function forget(refused: Map<string, TokenBucket>) {
  for (const [remote, bucket] of refused) {
    if (bucket.isFull()) refused.delete(remote);
  }
  if (refused.size >= mostRemembered) refused.clear();
}
