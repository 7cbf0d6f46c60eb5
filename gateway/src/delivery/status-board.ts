import type { DeviceReach, GatewayStatus } from "@sunledger/model";

/** What the gateway says of itself: which devices it reaches, and what became of its frames (D-13). */
export interface StatusBoard {
  reach(tag: string, reach: DeviceReach): void;
  online(now: number, epoch: string, lanes: NonNullable<GatewayStatus["lanes"]>): GatewayStatus;
  offline(now: number): GatewayStatus;
}

export function statusBoard(version: string): StatusBoard {
  const devices = new Map<string, DeviceReach>();
  return {
    reach: (tag, reach) => void devices.set(tag, reach),
    online: (at, epoch, lanes) => ({
      v: 1,
      state: "online",
      at,
      version,
      epoch,
      lanes,
      devices: Object.fromEntries(devices),
    }),
    offline: (at) => ({ v: 1, state: "offline", at, version }),
  };
}
