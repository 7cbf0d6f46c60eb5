import type { Credentials, Verdict } from "./credentials.ts";
import type { Doorkeeper } from "./doorkeeper.ts";

export type AdmissionParts = {
  readonly door: Pick<Doorkeeper, "maySignIn">;
  readonly credentials: Pick<Credentials, "check">;
};

/**
 * Who is let in at a connect. The house's own programs come through any crowd: their secret is known
 * here and costs nothing to compare. Whoever only uses their names is of the crowd.
 */
export function admission({ door, credentials: { check } }: AdmissionParts): Credentials["check"] {
  return async (clientId, user, password): Promise<Verdict> => {
    if (!user.startsWith("_")) {
      return door.maySignIn() ? check(clientId, user, password) : "unavailable";
    }
    const verdict = await check(clientId, user, password);
    return verdict === "welcome" || door.maySignIn() ? verdict : "unavailable";
  };
}
