import type { Role } from "@sunledger/model";
import { createMemoryHistory } from "@tanstack/react-router";
import { expect, test } from "vitest";
import { mayOpen } from "./access.ts";
import type { RouteContext } from "./context.ts";
import { openRouter } from "./routes.tsx";

const administration = ["devices", "devices/new", "gateways", "profiles"].map(
  (screen) => `/admin/${screen}`,
);

test.each([
  ["viewer", "/devices/1/set-points", "setPoints"],
  ["viewer", "/devices/1/trace", "trace"],
  ...administration.flatMap((address) => [
    ["viewer", address, "administration"] as const,
    ["operator", address, "administration"] as const,
  ]),
] as const)("a %s who comes to %s is told that it is not for him", (role, address, what) => {
  expect(refused(role, address)).toBe(what);
});

test.each([
  ["viewer", "/overview"],
  ["operator", "/devices/1/set-points"],
  ["operator", "/devices/1/trace"],
  ...["/devices/1/set-points", ...administration].map((to) => ["administrator", to] as const),
] as const)("a %s may open %s", (role, address) => {
  expect(refused(role, address)).toBeUndefined();
});

/** What of an address is kept from the role. */
function refused(role: Role, address: string): string | undefined {
  const router = openRouter({} as RouteContext);
  router.update({ ...router.options, history: createMemoryHistory({ initialEntries: [address] }) });
  const guarded = router.matchRoutes(router.latestLocation).at(-1)?.staticData.guarded;
  return guarded && !mayOpen(role, guarded) ? guarded : undefined;
}
