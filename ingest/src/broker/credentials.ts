import { createHash, timingSafeEqual } from "node:crypto";
import type { Clock, Scope } from "@sunledger/runtime";
import { housePrograms } from "./policy.ts";

export type Verdict = "welcome" | "refused" | "unavailable";

export type Credentials = {
  /** Whether a client may connect under this name. Never rejects. */
  check(clientId: string, user: string, password: Uint8Array): Promise<Verdict>;
  /** Whether a connected gateway's password still holds; `undefined` while that cannot be known. */
  stillHolds(gateway: string, passwordHash: string): Promise<boolean | undefined>;
};

export type CredentialParts = {
  readonly gatewayEntry: (id: string) => Promise<{ readonly secretHash: string } | undefined>;
  readonly serviceSecret: string;
  readonly log: Scope["log"];
  /** Real time: how long an answer of the database is believed. */
  readonly pace: Clock;
};

/** How long a known gateway's hash is believed: a revoked one is out within twice this. */
const knownMs = 4_000;
/** How long an unknown name stays unknown: spares the database, yet a new gateway comes in at once. */
const unknownMs = 1_000;
const patienceMs = 4_000;
const mostRemembered = 10_000;

/** Gateways by the hash that the database keeps, the house's programs by the service secret. */
export function credentials(parts: CredentialParts): Credentials {
  const houseHash = passwordHash(Buffer.from(parts.serviceSecret));
  const hashOf = rememberedHashes(parts);

  return {
    async check(clientId, user, password) {
      const given = passwordHash(password);
      if (user.startsWith("_")) {
        const known = housePrograms.includes(user) && isOneOf(clientId, user);
        return sameHash(given, houseHash) && known ? "welcome" : "refused";
      }
      if (clientId !== user && !clientId.startsWith(`${user}~`)) return "refused";
      const kept = await hashOf(user);
      if (kept === "unavailable") return kept;
      return sameHash(given, kept ?? "") ? "welcome" : "refused";
    },

    async stillHolds(gateway, hash) {
      const kept = await hashOf(gateway);
      return kept === "unavailable" ? undefined : sameHash(hash, kept ?? "");
    },
  };
}

/** SHA-256, hex: what the database keeps of a gateway's random secret. */
export function passwordHash(password: Uint8Array): string {
  return createHash("sha256").update(password).digest("hex");
}

function rememberedHashes({ gatewayEntry, log, pace }: CredentialParts) {
  type Hash = string | undefined;
  const remembered = new Map<string, { readonly hash: Promise<Hash>; until: number }>();
  let away = false;

  const look = (id: string): Promise<Hash> => {
    const now = pace.now();
    const before = remembered.get(id);
    if (before && now < before.until) return before.hash;
    if (remembered.size >= mostRemembered) remembered.clear();
    const hash = inTime(gatewayEntry(id), pace).then((found) => found?.secretHash);
    const entry = { hash, until: now + knownMs };
    remembered.set(id, entry);
    hash.then(
      (found) => {
        if (found === undefined) entry.until = Math.min(entry.until, now + unknownMs);
      },
      () => remembered.get(id) === entry && remembered.delete(id),
    );
    return hash;
  };

  return async (id: string): Promise<Hash | "unavailable"> => {
    try {
      const hash = await look(id);
      if (away) log.info("the database answers again: gateways may sign in");
      away = false;
      return hash;
    } catch (error) {
      if (!away) log.error({ err: error }, "the database is away: no gateway can sign in");
      away = true;
      return "unavailable";
    }
  };
}

/** What was asked, or an error when the answer takes too long. */
async function inTime<T>(asked: Promise<T>, pace: Clock): Promise<T> {
  const answered = new AbortController();
  const late = pace.wait(patienceMs, answered.signal).then(() => {
    throw new Error(`the database did not answer within ${patienceMs} ms`);
  });
  late.catch(() => {}); // the race may be over
  return Promise.race([asked, late]).finally(() => answered.abort());
}

/** A program may hold several connections: `_api`, `_api-3f2a`, `_api~clock`. */
function isOneOf(clientId: string, program: string): boolean {
  return clientId.startsWith(program) && /^([-~].*)?$/.test(clientId.slice(program.length));
}

function sameHash(given: string, kept: string): boolean {
  const a = Buffer.alloc(32, given, "hex");
  // What is no hash is compared all the same: an unknown name takes as long as a wrong password.
  const known = /^[0-9a-f]{64}$/.test(kept);
  const b = known ? Buffer.from(kept, "hex") : Buffer.alloc(32);
  return timingSafeEqual(a, b) && known;
}
