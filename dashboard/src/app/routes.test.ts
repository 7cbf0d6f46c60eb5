import { createMemoryHistory } from "@tanstack/react-router";
import { expect, test } from "vitest";
import type { RouteContext } from "./context.ts";
import { openRouter } from "./routes.tsx";

test.each([
  ["/devices/1?points=5"],
  ["/devices/1?points=nosuch&find=3&engineer=yes"],
  ["/plants/1?from=abc&to=5"],
  ["/plants/1?from=1&to=1e300"],
  ["/plants/1?period=anything"],
  ["/plants/1?period=2031"],
  ["/plants/1?period=2026-02-30"],
  ["/plants/1?period=0001-01-01"],
  ["/plants/1?from=-5&to=5"],
  ["/plants/1?from=1&to=253402300800000"],
  ["/plants/1/set-aside?quarantine=0&conflicts=1"],
  ["/plants/1/set-aside?quarantine=2.5&conflicts=second"],
  ["/plants/1/set-aside?quarantine=-1&conflicts=2001"],
  ["/overview?sort=5&up=maybe"],
  ["/sign-in?to=https://evil.example"],
  ["/sign-in?to=//evil.example"],
])("a screen is not told what makes no sense in %s", (address) => {
  expect(said(address)).toEqual({});
});

test("a screen is told what makes sense", () => {
  expect(said("/plants/1?period=7d&from=1&to=5")).toEqual({ period: "7d", from: 1, to: 5 });
  expect(said("/devices/1?sort=value&up=true&find=ac")).toEqual({
    ...{ sort: "value", up: true, find: "ac" },
  });
  expect(said("/plants/1/set-aside?quarantine=3&conflicts=2")).toEqual({
    ...{ quarantine: 3, conflicts: 2 },
  });
  expect(said("/sign-in?to=/plants/1")).toEqual({ to: "/plants/1" });
});

test.each(["/nowhere", "/plants", "/devices/1/nowhere"])(
  "what is not there, as %s, is said in the frame of every screen",
  (address) => {
    const [, frame, screen] = matched(address);

    expect(frame?.routeId).toBe("/shell");
    expect(screen?.routeId).toBe("/shell/$");
  },
);

/** What the screen of an address is told of its search. */
function said(address: string): Record<string, unknown> {
  const search = matched(address).at(-1)?.search ?? {};
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

function matched(address: string) {
  const router = openRouter({} as RouteContext);
  router.update({ ...router.options, history: createMemoryHistory({ initialEntries: [address] }) });
  return router.matchRoutes(router.latestLocation);
}
