import type { CommandOrder } from "@sunledger/model";
import { ApiError } from "../errors.ts";
import type { Who } from "../identity/identity.ts";

type Order = CommandOrder["kind"];

/** What an operator may order; an administrator may order everything, a viewer nothing. */
const ofOperators: readonly Order[] = [
  ...(["set", "release", "read", "test-read", "trace", "tell-configuration", "cancel"] as const),
];

/** Whether this user may order that: the one place that says so. */
export function mayOrder({ role }: Pick<Who, "role">, order: Order): boolean {
  if (role === "administrator") return true;
  return role === "operator" && ofOperators.includes(order);
}

/** Refuses what the user may not order. */
export function requireRight(who: Pick<Who, "role">, order: Order): void {
  if (!mayOrder(who, order)) {
    const needed = ofOperators.includes(order) ? "operator" : "administrator";
    throw new ApiError("identity.notAllowed", `The order ${order} needs the role ${needed}.`);
  }
}
