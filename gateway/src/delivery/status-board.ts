import type { DeviceReach, GatewayStatus } from "@sunledger/model";

/** What the gateway says of itself: which devices it reaches, and what became of its frames (D-13). */
export interface StatusBoard {
  reach(tag: string, reach: DeviceReach): void;
  forget(tag: string): void;
  online(
    now: number,
    epoch: string,
    lanes: NonNullable<GatewayStatus["lanes"]>,
    more?: StatusPart,
  ): GatewayStatus;
  offline(now: number): GatewayStatus;
}

/** What else a gateway says of itself. */
export type StatusPart = Pick<
  GatewayStatus,
  | "session"
  | "allows"
  | "configuration"
  | "outbox"
  | "refusedLayouts"
  | "clock"
  | "certificateUntil"
>;

/** Before it is packed; the broker takes 256 KB and cuts the connection of who sends more. */
const mostBytes = 200_000;
const shortReason = 60;

export function statusBoard(version: string): StatusBoard {
  const devices = new Map<string, DeviceReach>();
  return {
    reach: (tag, reach) => void devices.set(tag, reach),
    forget: (tag) => void devices.delete(tag),
    online(at, epoch, lanes, more = {}) {
      const head = { v: 1 as const, state: "online" as const, at, version, epoch, lanes, ...more };
      return { ...head, devices: fitting(devices, mostBytes - bytesOf({ ...head, devices: {} })) };
    },
    offline: (at) => ({ v: 1, state: "offline", at, version }),
  };
}

type Reaches = ReadonlyMap<string, DeviceReach>;

/** The devices in so many bytes: reasons are cut first, then those go of which there is no news. */
function fitting(devices: Reaches, room: number): Record<string, DeviceReach> {
  const all = Object.fromEntries(devices);
  if (bytesOf(all) <= room) return all;
  const short = withReasons(devices, (reason) => reason.slice(0, shortReason));
  if (bytesOf(Object.fromEntries(short)) <= room) return Object.fromEntries(short);

  const bare = withReasons(devices, () => undefined);
  const urgent = bare.filter(([, { state }]) => state !== "reachable");
  const calm = bare.filter(([, { state }]) => state === "reachable");
  let left = room - 2;
  return Object.fromEntries(
    [...urgent, ...calm].filter(([tag, reach]) => {
      left -= bytesOf({ [tag]: reach }) - 1;
      return left >= 0;
    }),
  );
}

function withReasons(devices: Reaches, cut: (reason: string) => string | undefined) {
  return [...devices].map(([tag, { reason = "", ...reach }]): [string, DeviceReach] => {
    const short = cut(reason);
    return [tag, short ? { ...reach, reason: short } : reach];
  });
}

function bytesOf(content: object): number {
  return Buffer.byteLength(JSON.stringify(content));
}
