import { deflateSync } from "node:zlib";
import type { LongPayload } from "@sunledger/model";

/** A payload as ingest keeps it when it is long. */
export function keptPayloadOf(payload: unknown): LongPayload {
  const whole = JSON.stringify(payload);
  const deflated = deflateSync(whole).toString("base64");
  return { cut: true, bytes: whole.length, text: whole.slice(0, 20), deflated };
}
