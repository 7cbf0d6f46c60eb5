import { createHash } from "node:crypto";
import type { DeviceToCome } from "./configurations.ts";

/**
 * The id of a device that is registered with a version: always the same for a tag of a plant. Who keeps frames
 * may know a device by its id for a while after it has gone, and it comes back by the same.
 */
export function registeredId({ plant, tag }: Pick<DeviceToCome, "plant" | "tag">): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([plant, tag]))
    .digest();
  // A UUID of version 8: made by a rule of one's own (RFC 9562, section 5.8).
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x80, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const parts = /^(.{8})(.{4})(.{4})(.{4})(.{12})/.exec(hash.toString("hex")) ?? [];
  return parts.slice(1).join("-");
}
