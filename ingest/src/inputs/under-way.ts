import { createHash } from "node:crypto";
import type { Release } from "./held-pubacks.ts";

/**
 * What was heard and is not acknowledged yet. The broker sends it again over the next connection: it is the
 * same message then, of the time at which it came first. Equal messages of one connection are as many.
 */
export type UnderWay = {
  /** `take` is called for what is new, and resolves once it is stored; `release` then acknowledges it. */
  hear(message: Heard, release: Release, take: () => Promise<void>): void;
  /** Nothing that came over the connection so far can be acknowledged any more. */
  broken(): void;
};

export type Heard = { readonly topic: string; readonly payload: Buffer };

type Kept = { connection: number; release: Release; isStored: boolean };

export function underWay(): UnderWay {
  const kept = new Map<string, Set<Kept>>();
  let connection = 0;

  const forget = (name: string, one: Kept) => {
    const own = kept.get(name);
    own?.delete(one);
    if (own?.size === 0) kept.delete(name);
  };
  const acknowledge = (name: string, one: Kept) => {
    one.release();
    forget(name, one);
  };

  return {
    hear(message, release, take) {
      const name = nameOf(message);
      const own = kept.get(name) ?? new Set();
      const again = [...own].find((one) => one.connection < connection);
      if (again) {
        Object.assign(again, { connection, release });
        if (again.isStored) acknowledge(name, again);
        return;
      }
      const one: Kept = { connection, release, isStored: false };
      kept.set(name, own.add(one));
      void take().then(() => {
        one.isStored = true;
        if (one.connection === connection) acknowledge(name, one);
      });
    },

    broken() {
      connection += 1;
      for (const [name, own] of kept) {
        // What did not come again over a whole connection never will.
        for (const one of own) {
          if (one.isStored && one.connection < connection - 1) forget(name, one);
        }
      }
    },
  };
}

function nameOf({ topic, payload }: Heard): string {
  return createHash("sha256").update(`${topic}\0`).update(payload).digest("base64");
}
