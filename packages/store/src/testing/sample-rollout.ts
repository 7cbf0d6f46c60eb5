import { randomUUID } from "node:crypto";
import type { Rollout } from "@sunledger/model";

/** A roll-out of the tests that has just begun. */
export function sampleRollout(at: number): Rollout {
  return {
    ...{ id: randomUUID(), at, by: { id: "u1", name: "Wang 伟" }, note: "slower", soakMs: 0 },
    acts: [],
    change: { kind: "poll", poll: { fastMs: 2_000, normalMs: 10_000, slowMs: 60_000 } },
    ...{ state: "running", ring: 0, revision: 0 },
    steps: [{ gateway: "gw-1", ring: 0, state: "waiting", since: at }],
  };
}
