import type { CommandOrder } from "@sunledger/model";
import { ApiError } from "../errors.ts";
import type { Who } from "../identity/identity.ts";

/** What somebody may want of a gateway. */
export type Wish = CommandOrder["kind"] | "configure";

/** What an operator may order; an administrator may order everything, a viewer nothing. */
const ofOperators: readonly Wish[] = [
  ...(["set", "release", "read", "test-read", "tell-configuration", "cancel"] as const),
];

/** Whether this user may order that: the one place that says so. */
export function mayOrder({ role }: Pick<Who, "role">, wish: Wish): boolean {
  if (role === "administrator") return true;
  return role === "operator" && ofOperators.includes(wish);
}

/** Refuses what the user may not order. */
export function requireRight(who: Pick<Who, "role">, wish: Wish): void {
  if (!mayOrder(who, wish)) {
    throw new ApiError("identity.notAllowed", `A ${who.role} may not order this: ${wish}.`);
  }
}
