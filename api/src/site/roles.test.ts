import type { Role } from "@sunledger/model";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import * as z from "zod";
import { type TestApi, testApi, testPassword } from "../testing/test-api.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

/** What changes a plant, a gateway or what is registered, with the least role that may; all else is to look at. */
const needs: Readonly<Record<string, Role>> = {
  "post /gateways/{gateway}/commands": "operator",
  "post /devices/{device}/set-points": "operator",
  "post /devices/{device}/set-points/confirmations": "operator",
  "put /devices/{device}/rating": "administrator",
  "put /gateways/{gateway}/configurations/{version}": "administrator",
  "post /device-imports/check": "administrator",
  "get /audit": "administrator",
  "get /rollouts": "administrator",
  "post /rollouts": "administrator",
  "post /rollouts/{rollout}/stop": "administrator",
  "post /rollouts/{rollout}/resume": "administrator",
  "post /rollouts/{rollout}/take-back": "administrator",
};
/** A session is its user's own. */
const isOwn = (route: string) => / \/session/.test(route);

const base = "/api/v1";
const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

let api: TestApi;
let routes: string[];

beforeAll(async () => {
  api = await testApi(Date.UTC(2026, 5, 21, 4));
  const { paths } = Document.parse((await api.app.inject(`${base}/openapi.json`)).json());
  routes = Object.entries(paths)
    .filter(([path]) => path.startsWith(base))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path.slice(base.length)}`),
    )
    .filter((route) => !isOwn(route));
});
afterAll(() => api.app.close());

test("whatever is no look at things needs a role above the viewer's", () => {
  expect(routes).toEqual(expect.arrayContaining(Object.keys(needs)));
  const others = routes.filter((route) => !(route in needs));
  expect(others.filter((route) => !route.startsWith("get "))).toEqual([]);
});

test.each([
  ["viewer", ["operator", "administrator"]],
  ["operator", ["administrator"]],
  ["administrator", []],
] as const)("to a %s the routes are closed that need %j", async (role, beyond) => {
  const email = `${role}-of-roles@sunledger.example`;
  const user = { email, name: role, password: testPassword, role };
  await api.identity.createUser({ ...user, organisation: "own" });
  const cookie = await api.cookie({ ...api.own, email });

  for (const route of routes) {
    const [method = "", path = ""] = route.split(" ");
    const url = base + path.replaceAll(/\{\w+\}/g, "0");
    const { statusCode } = await api.app.inject({
      ...{ method: method as "GET", url, headers: { cookie } },
      // Which role an order needs is said of each kind: its route is open to all.
      ...(method !== "get" && { payload: { what: { kind: "tell-configuration" } } }),
    });
    const need = needs[route];
    const isClosed = need !== undefined && (beyond as readonly Role[]).includes(need);
    expect([route, statusCode === 403]).toEqual([route, isClosed]);
  }
});
