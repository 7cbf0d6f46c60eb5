import { randomUUID } from "node:crypto";
import { configurationsContract } from "./configurations.contract.ts";
import type { DeviceToCome } from "./configurations.ts";
import { memoryAudit } from "./memory-audit.ts";
import { memoryConfigurations } from "./memory-configurations.ts";
import { memoryRollouts } from "./memory-rollouts.ts";
import { registeredId } from "./registered-id.ts";

configurationsContract("configurations in memory", async () => {
  const devices = new Map<string, DeviceToCome>();
  const register = (_organisation: string, coming: readonly DeviceToCome[]) => {
    const taken = coming.find(({ tag, gateway }) => {
      return tag === "INV-01" || (devices.get(tag)?.gateway ?? gateway) !== gateway;
    });
    if (taken) return taken.tag;
    for (const device of coming) devices.set(device.tag, device);
    return undefined;
  };
  const unregister = (_organisation: string, _gateway: string, tags: readonly string[]) => {
    for (const tag of tags) devices.delete(tag);
  };
  const rollouts = memoryRollouts();
  const audit = memoryAudit();
  return {
    ...{
      configurations: memoryConfigurations({ register, unregister, rollouts, audit }),
      rollouts,
      audit,
    },
    ...{ own: randomUUID(), other: randomUUID(), plant: randomUUID(), gateway: "own-gw" },
    devices: async () => [...devices.values()].map((one) => ({ ...one, id: registeredId(one) })),
  };
});
