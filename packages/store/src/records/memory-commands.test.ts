import { randomUUID } from "node:crypto";
import { commandsContract } from "./commands.contract.ts";
import { memoryAudit } from "./memory-audit.ts";
import { memoryCommands } from "./memory-commands.ts";

commandsContract("commands in memory", async () => {
  const audit = memoryAudit();
  return {
    ...{ commands: memoryCommands(10, audit), audit, mostAnswers: 10 },
    ...{ own: randomUUID(), other: randomUUID(), gateway: "own-gw", device: randomUUID() },
  };
});
