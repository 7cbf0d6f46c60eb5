import { randomUUID } from "node:crypto";
import { commandsContract } from "./commands.contract.ts";
import { memoryCommands } from "./memory-commands.ts";

commandsContract("commands in memory", async () => ({
  ...{ commands: memoryCommands(), own: randomUUID(), other: randomUUID() },
  ...{ gateway: "own-gw", device: randomUUID() },
}));
