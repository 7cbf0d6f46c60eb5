import type { Clock } from "@sunledger/runtime";
import { type Rate, type TokenBucket, tokenBucket } from "./token-bucket.ts";

/** Keeps connection storms and guessing from eating the machine; honest clients come back later. */
export type Doorkeeper = {
  mayEnter(remote: string): boolean;
  /** Whether one more may try to sign in now, whoever it is. */
  maySignIn(): boolean;
  /** A sign-in from there was refused: a few are forgiven, then one a second. */
  noteRefusal(remote: string): void;
};

const signIns = { burst: 500, perSecond: 200 };
const connectsOfOne = { burst: 300, perSecond: 100 };
const refusals = { burst: 20, perSecond: 1 };
const mostRemembered = 5_000;

export function doorkeeper(pace: Clock): Doorkeeper {
  const everybody = tokenBucket(signIns, pace);
  const entered = new Map<string, TokenBucket>();
  const refused = new Map<string, TokenBucket>();

  const bucketOf = (buckets: Map<string, TokenBucket>, remote: string, rate: Rate) => {
    const before = buckets.get(remote);
    if (before) return before;
    if (buckets.size >= mostRemembered) forget(buckets);
    const bucket = tokenBucket(rate, pace);
    buckets.set(remote, bucket);
    return bucket;
  };

  return {
    mayEnter(remote) {
      if (refused.get(remote)?.hasMore() === false) return false;
      return bucketOf(entered, remote, connectsOfOne).take();
    },

    maySignIn: () => everybody.take(),

    noteRefusal: (remote) => void bucketOf(refused, remote, refusals).take(),
  };
}

function forget(buckets: Map<string, TokenBucket>) {
  for (const [remote, bucket] of buckets) {
    if (bucket.isFull()) buckets.delete(remote);
  }
  if (buckets.size >= mostRemembered) buckets.clear();
}
