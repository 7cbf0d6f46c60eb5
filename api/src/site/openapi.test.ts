import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import * as z from "zod";
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

beforeAll(async () => {
  api = await testApi(Date.UTC(2026, 5, 21, 4));
  document = Document.parse((await api.app.inject("/api/v1/openapi.json")).json());
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
    const cookie = await api.cookie(api.own);
    const foreign = idsOf(api.other);
    const routes = routesWithIds();

    const answers = await Promise.all(
      routes.map(({ method, path }) => ask(method, fill(path, foreign), cookie)),
    );

    expect(routes.length).toBeGreaterThanOrEqual(5);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(routes.map(() => 404));
    const unknown = { plant: crypto.randomUUID(), device: crypto.randomUUID() };
    for (const [i, { method, path }] of routes.entries()) {
      const none = await ask(method, fill(path, unknown), cookie);
      expect(anonymous(answers[i]?.json())).toEqual(anonymous(none.json()));
    }
  });

  test("find their own by the same routes", async () => {
    const cookie = await api.cookie(api.own);
    for (const { method, path } of routesWithIds()) {
      const { statusCode } = await ask(method, fill(path, idsOf(api.own)), cookie);
      expect([path, statusCode]).toEqual([path, 200]);
    }
  });

  test("are closed to those who are not signed in", async () => {
    for (const { method, path } of routesWithIds()) {
      const { statusCode } = await ask(method, fill(path, idsOf(api.own)));
      expect([path, statusCode]).toEqual([path, 401]);
    }
  });
});

type Ids = Readonly<Record<"plant" | "device", string>>;

function routesWithIds() {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    path.includes("{") ? Object.keys(methods).map((method) => ({ method, path })) : [],
  );
}

function idsOf({ plant, devices }: TestApi["own"]): Ids {
  return { plant, device: devices.get("INV-01")?.id ?? "" };
}

function fill(path: string, ids: Ids): string {
  return path.replace(/\{(\w+)\}/g, (_, name: keyof Ids) => ids[name] ?? `no id for ${name}`);
}

function ask(method: string, path: string, cookie?: string) {
  const query = "from=2026-06-21T00:00:00Z&to=2026-06-21T04:00:00Z&points=ac.power.active";
  const url = `${path}${path.match(/curve|history/) ? `?${query}` : ""}`;
  return api.app.inject({ method: method as "GET", url, headers: cookie ? { cookie } : {} });
}

/** A problem without what names the one request and the one thing. */
function anonymous(problem: unknown) {
  const { instance: _, detail, ...rest } = problem as { instance: string; detail: string };
  return { ...rest, detail: detail.replace(/[0-9a-f-]{36}/, "ID") };
}
