import { deflateSync } from "node:zlib";
import type { LongPayload } from "@sunledger/model";

const mostPlainBytes = 64 * 1024;
const shownBytes = 1_000;

/**
 * A quarantined payload as it is kept, and what it weighs so. One of more than 64 kB is deflated: it came
 * in a message of 256 kB at most, so that it hardly weighs more, however long it unfolds.
 */
export function keptPayload(payload: unknown): {
  readonly payload: unknown;
  readonly keptBytes: number;
} {
  const whole = Buffer.from(JSON.stringify(payload) ?? "null");
  if (whole.length <= mostPlainBytes) return { payload, keptBytes: whole.length };
  const text = whole.subarray(0, shownBytes).toString();
  const deflated = deflateSync(whole).toString("base64");
  const kept: LongPayload = { cut: true, bytes: whole.length, text, deflated };
  return { payload: kept, keptBytes: shownBytes + deflated.length };
}
