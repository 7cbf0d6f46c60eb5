import { randomUUID } from "node:crypto";
import { memoryAudit } from "./memory-audit.ts";
import { memoryRollouts } from "./memory-rollouts.ts";
import { rolloutsContract } from "./rollouts.contract.ts";

rolloutsContract("roll-outs in memory", async () => {
  const audit = memoryAudit();
  return { rollouts: memoryRollouts(audit), audit, own: randomUUID(), other: randomUUID() };
});
