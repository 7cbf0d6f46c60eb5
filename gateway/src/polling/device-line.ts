import type { BlockRules } from "../modbus/blocks.ts";
import type { ReadRegisters } from "../modbus/point-reader.ts";
import type { FoundPoint } from "../modbus/register-point.ts";
import type { WriteSpan } from "../modbus/write-request.ts";
import type { KnownProfile } from "../profiles/load-profiles.ts";
import type { DeviceConfig } from "./device-config.ts";

/** A device as it is spoken to outside of its polls. */
export type DeviceLine = {
  readonly config: DeviceConfig;
  readonly profile: KnownProfile;
  /** Where the device has what its profile names, polled or not. */
  readonly found: readonly FoundPoint[];
  /** Not where its unit stands for all units of the line at once, and a profile forbids to write to them. */
  readonly mayWrite: boolean;
  /** How many registers it gives at once, and which. */
  readonly rules: BlockRules;
  readonly read: ReadRegisters;
  /**
   * Resolves when the device has confirmed it; rejects with a `ModbusError`. Never sent twice, but where it
   * was busy; `onSend` is called each time just before.
   */
  readonly write: (span: WriteSpan, onSend?: () => void) => Promise<void>;
};
