import { LongPayload } from "@sunledger/model";
import { unpackJson } from "@sunledger/runtime";

/** More than any message unfolds to, written as JSON once more. */
const mostBytes = 64 * 1024 * 1024;

/** What was sent, of a payload as quarantine keeps it; `undefined` where not all of it was kept. */
export function wholePayload(payload: unknown): unknown {
  const { data: long } = LongPayload.safeParse(payload);
  if (!long) return payload;
  if (long.deflated === undefined) return undefined;
  return unpackJson(Buffer.from(long.deflated, "base64"), mostBytes);
}
