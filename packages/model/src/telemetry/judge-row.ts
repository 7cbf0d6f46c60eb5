import type { Frame, Lane } from "./frame.ts";
import { mostAheadMs } from "./instants.ts";
import type { Layout } from "./layout.ts";
import { parseRow } from "./message.ts";
import type { QuarantineCode } from "./quarantine-code.ts";

/** What a row of a gateway is judged by. */
export type RowTerms = {
  /** The layout that its group names, and its hash. */
  readonly hash: string;
  readonly layout: Layout;
  /** The lane of its message. */
  readonly lane: Lane;
  /** The devices of the gateway's plant: tag to id. */
  readonly devices: ReadonlyMap<string, string>;
  /** The house's time, Unix milliseconds. */
  readonly now: number;
};

export type RowVerdict =
  /** `device` is the id of the frame's device. */
  | { readonly ok: true; readonly frame: Frame; readonly device: string }
  | {
      readonly ok: false;
      readonly code: QuarantineCode;
      readonly reason: string;
      /** Its number, where it can be read. */
      readonly sequence?: number;
    };

/** Whether a row is a frame of one of the devices, or why it goes to quarantine (D-6, D-14). */
export function judgeRow(row: unknown, { hash, layout, lane, devices, now }: RowTerms): RowVerdict {
  const parsed = parseRow(row, hash, layout);
  if (!parsed.ok) return { ...parsed, code: "malformed" };
  const { frame } = parsed;
  const refuse = (code: QuarantineCode, reason: string): RowVerdict => {
    return { ok: false, code, reason, sequence: frame.sequence };
  };

  if (layout.lane !== lane) return refuse("wrongLane", `layout ${hash} is of lane ${layout.lane}`);
  const device = devices.get(frame.device);
  if (device === undefined) return refuse("unknownDevice", `unknown device ${frame.device}`);
  if (frame.at - now > mostAheadMs) return refuse("future", "more than 10 minutes in the future");
  return { ok: true, frame, device };
}
