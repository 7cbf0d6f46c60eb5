import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { administratorOf } from "../testing/administrator.ts";
import { openApiDocument } from "../testing/openapi-document.ts";
import { type TestApi, testApi } from "../testing/test-api.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const Document = z.object({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ summary: z.string() }))),
});

let api: TestApi;
let document: z.infer<typeof Document>;
/** Of an administrator: no route is closed to that role. */
let cookie: string;

beforeAll(async () => {
  api = await testApi(Date.UTC(2026, 5, 21, 4));
  document = Document.parse((await api.app.inject("/api/v1/openapi.json")).json());
  cookie = await administratorOf(api);
});
afterAll(() => api.app.close());

describe("the description", () => {
  test("is the one kept in docs: `npm run openapi -w api` writes it anew", async () => {
    const place = new URL("../../../docs/openapi.generated.json", import.meta.url);

    expect(await openApiDocument()).toBe(await readFile(place, "utf8"));
  });

  test("has a page that a browser shows under our own policy", async () => {
    const page = await api.app.inject("/api/docs/");

    expect(page.statusCode).toBe(200);
    expect(page.body).toContain("swagger-ui");
    expect(page.headers["content-security-policy"]).toContain("default-src 'self'");
    expect(page.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(page.headers["x-frame-options"]).toBe("DENY");
    expect(page.body).not.toMatch(/<script(?![^>]*src=)[^>]*>\s*\S/);
  });
});

describe("organisations", () => {
  test("know nothing of each other: every route with a foreign id answers as if there were none", async () => {
    await makeSomething();
    const foreign = idsOf(api.other);
    const routes = routesWithIds();

    const answers = await Promise.all(
      routes.map(({ method, path }) => ask(method, fill(path, foreign), cookie)),
    );

    expect(routes.length).toBeGreaterThanOrEqual(5);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(routes.map(() => 404));
    const unknown = { ...foreign, plant: crypto.randomUUID(), device: crypto.randomUUID() };
    Object.assign(unknown, { gateway: "none-gw", command: crypto.randomUUID() });
    Object.assign(unknown, { rollout: crypto.randomUUID() });
    for (const [i, { method, path }] of routes.entries()) {
      const none = await ask(method, fill(path, unknown), cookie);
      expect(anonymous(answers[i]?.json())).toEqual(anonymous(none.json()));
    }
  });

  test("find their own by the same routes", async () => {
    await makeSomething();
    for (const { method, path } of routesWithIds()) {
      const answer = await ask(method, fill(path, idsOf(api.own)), cookie);
      if (method === "get") expect([path, answer.statusCode]).toEqual([path, 200]);
      // What changes something is tested beside its routes: here, that it found what it is about.
      else expect(answer.json().code ?? "found", `${method} ${path}`).not.toMatch(/\.unknown$/);
    }
  });

  test("are closed to those who are not signed in", async () => {
    for (const { method, path } of routesWithIds()) {
      const { statusCode } = await ask(method, fill(path, idsOf(api.own)));
      expect([path, statusCode]).toEqual([path, 401]);
    }
  });
});

type Ids = Readonly<
  Record<"plant" | "device" | "gateway" | "command" | "version" | "rollout", string>
>;

/** By organisation, a command that was ordered in it, and the id of its roll-out. */
const ordered: Record<string, string> = {};

/** A command, a version and a roll-out of each organisation, once. */
async function makeSomething() {
  for (const { id: organisation, name } of [api.own, api.other]) {
    if (ordered[organisation] !== undefined) continue;
    const id = crypto.randomUUID();
    ordered[organisation] = id;
    const gateway = `${name}-gw`;
    const by = { id: "u1", name };
    await api.commands.order(organisation, {
      ...{ id, gateway, what: { kind: "tell-configuration" }, session: "a-session-of-it" },
      ...{ orderedBy: by, at: 0, expiresAt: 1 },
    });
    const version = { gateway, version: 1, document: { devices: [] }, at: 0, by, note: "" };
    await api.configurations.add(organisation, version);
    await api.rollouts.add(organisation, {
      ...{
        id,
        at: 0,
        by,
        note: "",
        soakMs: 0,
        state: "running",
        ring: 0,
        steps: [],
        revision: 0,
        acts: [],
      },
      change: { kind: "profile", from: "a", to: "b" },
    });
  }
}

/** What a request that needs a body is sent. */
function bodyFor(path: string): object | undefined {
  if (path.endsWith("/commands")) return { what: { kind: "tell-configuration" } };
  if (path.endsWith("/set-points")) return { point: "setpoint.activePower.percent", value: 1 };
  if (path.endsWith("/confirmations")) return { token: "none" };
  if (path.endsWith("/replacements")) {
    return { before: "A", after: "B", command: crypto.randomUUID() };
  }
  return { document: { devices: [] } };
}

function routesWithIds() {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    path.includes("{") && !path.includes("{profile}")
      ? Object.keys(methods).map((method) => ({ method, path }))
      : [],
  );
}

function idsOf({ id, name, plant, devices }: TestApi["own"]): Ids {
  const device = devices.get("INV-01")?.id ?? "";
  const made = ordered[id] ?? "";
  return { plant, device, gateway: `${name}-gw`, command: made, version: "1", rollout: made };
}

function fill(path: string, ids: Ids): string {
  return path.replace(/\{(\w+)\}/g, (_, name: keyof Ids) => ids[name] ?? `no id for ${name}`);
}

function ask(method: string, path: string, cookie?: string) {
  const query = "from=2026-06-21T00:00:00Z&to=2026-06-21T04:00:00Z&points=ac.power.active";
  const since = path.endsWith("/changes") ? "?since=0" : "";
  const url = `${path}${path.match(/curve|history/) ? `?${query}` : since}`;
  const payload = method === "get" ? undefined : bodyFor(path);
  return api.app.inject({
    ...{ method: method as "GET", url, headers: cookie ? { cookie } : {} },
    ...(payload && { payload }),
  });
}

/** A problem without what names the one request and the one thing. */
function anonymous(problem: unknown) {
  const { instance: _, detail, ...rest } = problem as { instance: string; detail: string };
  return { ...rest, detail: detail.replace(/[0-9a-f-]{36}|[a-z]+-gw/, "ID") };
}
