import { randomUUID } from "node:crypto";
import { commandsContract } from "./commands.contract.ts";
import { memoryCommands } from "./memory-commands.ts";

commandsContract("commands in memory", async () => ({
  ...{ commands: memoryCommands(10), mostAnswers: 10, own: randomUUID(), other: randomUUID() },
  ...{ gateway: "own-gw", device: randomUUID() },
}));
