import { DeviceEvent, type KeptEvent } from "./device-event.ts";
import { mostAheadMs } from "./instants.ts";
import type { QuarantineCode } from "./quarantine-code.ts";

/** What an event of a gateway is judged by. */
export type EventTerms = {
  /** The devices of the gateway's plant: tag to id. */
  readonly devices: ReadonlyMap<string, string>;
  /** The house's time, Unix milliseconds. */
  readonly now: number;
};

export type EventVerdict =
  | { readonly ok: true; readonly event: KeptEvent }
  | { readonly ok: false; readonly code: QuarantineCode; readonly reason: string };

/** Whether something is an event of one of the devices, or why it goes to quarantine (D-6, D-14). */
export function judgeEvent(given: unknown, { devices, now }: EventTerms): EventVerdict {
  const refuse = (code: QuarantineCode, reason: string): EventVerdict => {
    return { ok: false, code, reason };
  };
  const { data: event, error } = DeviceEvent.safeParse(given);
  const [issue] = error?.issues ?? [];
  if (!event) return refuse("malformed", `an event: ${issue?.path.join(".")}: ${issue?.message}`);
  const device = devices.get(event.device);
  if (device === undefined) return refuse("unknownDevice", `unknown device ${event.device}`);
  if (event.at - now > mostAheadMs) return refuse("future", "more than 10 minutes in the future");
  return { ok: true, event: { ...event, device } };
}
