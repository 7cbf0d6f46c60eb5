import { randomUUID } from "node:crypto";
import { memoryRollouts } from "./memory-rollouts.ts";
import { rolloutsContract } from "./rollouts.contract.ts";

rolloutsContract("roll-outs in memory", async () => {
  return { rollouts: memoryRollouts(), own: randomUUID(), other: randomUUID() };
});
