import { randomBytes } from "node:crypto";
import type { Clock } from "@sunledger/runtime";

/** Proposals that wait for whoever made them to confirm them. */
export interface Confirmations<T> {
  propose(owner: string, proposal: T): { readonly token: string; readonly validUntil: number };
  /** The proposal, once: not of another owner, and not when its time is over. */
  take(owner: string, token: string): T | undefined;
}

/** A person reads what would be written and says yes: what is older was forgotten, not confirmed. */
const validMs = 60_000;
/** Of one owner, the newest alone: nobody fills the memory by asking. */
const mostOfOwner = 20;

/** They are kept in memory: an api that starts anew asks again. */
export function confirmations<T>(clock: Clock): Confirmations<T> {
  type Waiting = { readonly token: string; readonly proposal: T; readonly validUntil: number };
  const waiting = new Map<string, readonly Waiting[]>();
  const validOf = (owner: string) =>
    (waiting.get(owner) ?? []).filter(({ validUntil }) => validUntil > clock.now());

  return {
    propose(owner, proposal) {
      const token = randomBytes(24).toString("base64url");
      const validUntil = clock.now() + validMs;
      const kept = [...validOf(owner), { token, proposal, validUntil }].slice(-mostOfOwner);
      waiting.set(owner, kept);
      return { token, validUntil };
    },

    take(owner, token) {
      const valid = validOf(owner);
      const rest = valid.filter((one) => one.token !== token);
      if (rest.length === 0) waiting.delete(owner);
      else waiting.set(owner, rest);
      return valid.find((one) => one.token === token)?.proposal;
    },
  };
}
