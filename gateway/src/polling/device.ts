import type { DeviceAnnouncement, DeviceReach } from "@sunledger/model";
import type { TraceBounds, TracedBytes } from "../modbus/line-trace.ts";
import type { LinkFigures } from "../modbus/link-figures.ts";
import type { FoundPoint } from "../modbus/register-point.ts";
import type { DeviceLine } from "./device-line.ts";
import type { PollClass } from "./poll-class.ts";
import type { Polled } from "./polled.ts";

/** One device on one Modbus connection. */
export interface Device {
  readonly tag: string;
  /** The interval of each class in milliseconds, never below what the device's limits allow. */
  everyMs(pollClass: PollClass): number;
  /**
   * Reads the points of the due classes and gives a frame for each lane that has any. The first
   * poll, and the first after a reconnect, finds out what the device is and reads every class.
   * A part that cannot be read is `null` with a flag; rejects when the whole device is unreachable.
   */
  poll(slot: number, due: ReadonlySet<PollClass>, signal: AbortSignal): Promise<Polled[]>;
  /** One request, to see whether an unreachable device is back; rejects when it is not. */
  tryOnce(signal: AbortSignal): Promise<void>;
  /** What the device is and how it is read; absent until it was reached once. */
  announcement(): DeviceAnnouncement | undefined;
  reach(): DeviceReach;
  /** For a command; rejects when the device cannot be reached, or is not what its profile describes. */
  line(signal: AbortSignal): Promise<DeviceLine>;
  /** Its points and where they lie, as they were found last; `undefined` until it was reached once. */
  points(): readonly FoundPoint[] | undefined;
  /** How its requests fared, and the points it turned out not to have. */
  figures(): LinkFigures & { readonly missing: readonly string[] };
  /** Shows the bytes of its line, of all units that share it; resolves with how many pieces were shown. */
  trace(bounds: TraceBounds, shown: (piece: TracedBytes) => void): Promise<number>;
}
