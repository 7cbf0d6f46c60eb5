import type { Command } from "@sunledger/model";
import { Refusal } from "./refusal.ts";
import type { SessionWords } from "./session-words.ts";

export type AdmissionParts = {
  readonly words: Pick<SessionWords, "mostAgeOf">;
  readonly now: number;
  /** Whether `now` can be compared with the platform's time. */
  readonly isSynced: boolean;
};

/** So far may two clocks that are kept right differ. */
const mostAheadMs = 60_000;

/**
 * Whether a command counts now (F23): it bears a word of this session and has not expired. By a clock
 * that nothing keeps right it is judged by how long its word has been known. Throws a `Refusal`.
 */
export function admit({ session, at, expiresAt }: Command, parts: AdmissionParts): void {
  const { words, now, isSynced } = parts;
  const mostAgeMs = words.mostAgeOf(session);
  if (mostAgeMs === undefined) {
    throw new Refusal("otherSession", "it was ordered for another session of this gateway");
  }
  if (!isSynced) {
    if (mostAgeMs <= expiresAt - at) return;
    const lifeS = (expiresAt - at) / 1_000;
    const reason = `it may be ${mostAgeMs / 1_000} s old and lives ${lifeS} s; this gateway's clock is not kept right`;
    throw new Refusal("expired", reason);
  }
  if (at > now + mostAheadMs) {
    const aheadS = Math.round((at - now) / 1_000);
    throw new Refusal("clocksDisagree", `it was ordered ${aheadS} s from now by this clock`);
  }
  if (now >= expiresAt) {
    throw new Refusal("expired", `it expired ${Math.round((now - expiresAt) / 1_000)} s ago`);
  }
}
