import { randomUUID } from "node:crypto";
import { configurationsContract } from "./configurations.contract.ts";
import type { DeviceToCome } from "./configurations.ts";
import { memoryConfigurations } from "./memory-configurations.ts";

configurationsContract("configurations in memory", async () => {
  const devices = new Map<string, Pick<DeviceToCome, "tag" | "name">>();
  const register = (_organisation: string, coming: readonly DeviceToCome[]) => {
    if (coming.some(({ tag }) => tag === "INV-01")) return "INV-01";
    for (const device of coming) devices.set(device.tag, device);
    return undefined;
  };
  return {
    ...{ configurations: memoryConfigurations({ register }), own: randomUUID() },
    ...{ other: randomUUID(), plant: randomUUID(), gateway: "own-gw" },
    devices: async () => [...devices.values()],
  };
});
