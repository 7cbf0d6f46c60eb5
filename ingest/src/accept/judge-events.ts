import { DeviceEvent, type KeptEvent, type QuarantineCode } from "@sunledger/model";
import type { Quarantined } from "@sunledger/store";

export type JudgedEvents = {
  readonly events: readonly KeptEvent[];
  readonly quarantined: readonly Quarantined[];
  /** Ids of those: what is quarantined need not come again. */
  readonly refused: readonly string[];
  readonly hasUnknownDevice: boolean;
};

/**
 * Judges each event of a message alone, as rows are (D-6): of one of these devices, by tag, and not
 * later than `latest`.
 */
export function judgeEvents(
  given: readonly unknown[],
  devices: ReadonlyMap<string, string>,
  latest: number,
): JudgedEvents {
  const events: KeptEvent[] = [];
  const quarantined: Quarantined[] = [];
  const refused: string[] = [];
  let hasUnknownDevice = false;
  for (const one of given) {
    const refuse = (code: QuarantineCode, reason: string) => {
      quarantined.push({ code, reason, payload: { event: one } });
      const id = (one as { readonly id?: unknown } | null)?.id;
      if (typeof id === "string") refused.push(id);
    };
    const { data: event, error } = DeviceEvent.safeParse(one);
    const device = event && devices.get(event.device);
    hasUnknownDevice ||= event !== undefined && device === undefined;
    const [issue] = error?.issues ?? [];
    if (!event) refuse("malformed", `an event: ${issue?.path.join(".")}: ${issue?.message}`);
    else if (device === undefined) refuse("unknownDevice", `unknown device ${event.device}`);
    else if (event.at > latest) refuse("future", "more than 10 minutes in the future");
    else events.push({ ...event, device });
  }
  return { events, quarantined, refused, hasUnknownDevice };
}
