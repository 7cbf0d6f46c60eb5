import type { LineAddress } from "@sunledger/model/line-address";
import type { DeviceProfile } from "@sunledger/model/profile";

/**
 * Why a profile's devices cannot stand on a line; `undefined` where they can. Modbus TCP reaches all
 * of them, since a converter may stand before a serial line; RTU only those that have such a line.
 */
export function unfitFor(line: LineAddress, profile: DeviceProfile): string | undefined {
  const { id, transport } = profile;
  if (line.transport === "tcp") return undefined;
  if (transport.tcp && !transport.rtu)
    return `${id} is a device of Modbus TCP, without a serial line`;
  const { bauds } = transport.rtu ?? {};
  if (line.transport !== "serial" || !bauds || bauds.includes(line.baud)) return undefined;
  return `${id} does not speak ${line.baud} baud, but ${bauds.join(", ")}`;
}
