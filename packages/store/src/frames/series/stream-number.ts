import { createHash } from "node:crypto";
import type { FrameBatch } from "../frame-store.ts";
import { streamOf } from "../sift.ts";

/**
 * Tells one gateway, epoch and lane from all others in a store that knows numbers only: 44 bits, which fourteen
 * decimal digits say exactly. Made of their names, not counted: a restored database may count anew.
 */
export function streamNumber(batch: FrameBatch): number {
  const digest = createHash("sha256").update(streamOf(batch)).digest("hex");
  return Number.parseInt(digest.slice(0, 11), 16);
}
