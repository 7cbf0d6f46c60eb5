import { Problem } from "@sunledger/model";
import { memoryFrameStore } from "@sunledger/store";
import { pino } from "pino";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type TestApi, testApi } from "./testing/test-api.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const noon = Date.UTC(2026, 5, 21, 4);
let api: TestApi;
afterEach(() => api.app.close());

describe("a failure", () => {
  test("of the database says what is away, and nothing of its address or its query", async () => {
    const { lines, log } = keptLog();
    api = await testApi(noon, { log });
    api.records.plants = () => Promise.reject(databaseAway());

    const { status, body, headers } = await api.get("/api/v1/plants", await api.cookie(api.own));

    expect(status).toBe(503);
    const problem = Problem.parse(body);
    expect(problem).toMatchObject({
      code: "store.unavailable",
      detail: "The database cannot be asked: it refuses connections.",
    });
    expect(headers.get("x-request-id")).toBe(problem.instance.replace("urn:uuid:", ""));
    expect(JSON.stringify(body)).not.toMatch(/10\.0\.0\.9|select|at .*\.ts/);
    expect(lines.join()).toContain(problem.instance.replace("urn:uuid:", ""));
    expect(lines.join()).not.toContain("a secret parameter");
  });

  test("of our own says only how to quote it", async () => {
    api = await testApi(noon);
    api.records.plants = () => Promise.reject(new Error("a secret in a message"));

    const { status, body } = await api.get("/api/v1/plants", await api.cookie(api.own));

    expect(status).toBe(500);
    expect(body).toMatchObject({ code: "server.failed" });
    expect(JSON.stringify(body)).not.toContain("secret");
  });

  test.each([
    ["no route", { url: "/api/v1/nothing" }, 404, "request.unknownRoute"],
    ["no id", { url: "/api/v1/plants/roof" }, 401, "identity.notSignedIn"],
    ["broken JSON", { ...post(), payload: "{" }, 400, "request.malformed"],
    ["another type", { ...post("text/plain"), payload: "x" }, 415, "request.unsupportedType"],
    ["too much", { ...post(), payload: `"${"x".repeat(70_000)}"` }, 413, "request.tooLarge"],
  ])("for %s is a problem too", async (_, request, status, code) => {
    api = await testApi(noon);

    const answer = await api.app.inject(request);

    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(Problem.parse(answer.json())).toMatchObject({ status, code });
  });
});

describe("readiness", () => {
  test("names what is missing, while the process is alive", async () => {
    const needs = [
      { name: "database", check: () => Promise.reject(databaseAway()) },
      { name: "frame store", check: () => memoryFrameStore().incarnation() },
      { name: "broker", check: () => false },
    ];
    api = await testApi(noon, { needs });

    const { status, body } = await api.get("/readyz");

    expect([status, (await api.get("/healthz")).status]).toEqual([503, 200]);
    expect(body).toMatchObject({
      code: "server.notReady",
      detail:
        "Missing: database. The database cannot be asked: it refuses connections. Missing: broker.",
    });
  });

  test("is given when nothing is missing", async () => {
    api = await testApi(noon, { needs: [{ name: "database", check: () => true }] });

    expect(await api.get("/readyz")).toMatchObject({ status: 200, body: { needs: ["database"] } });
  });
});

function databaseAway(): Error {
  const refused = Object.assign(new Error("connect ECONNREFUSED 10.0.0.9:5432"), {
    code: "ECONNREFUSED",
  });
  const query = new Error("Failed query: select 1\nparams: a secret parameter", { cause: refused });
  query.name = "DrizzleQueryError";
  return query;
}

function post(type = "application/json") {
  return { method: "POST" as const, url: "/api/v1/session", headers: { "content-type": type } };
}

function keptLog() {
  const lines: string[] = [];
  return { lines, log: pino({}, { write: (line: string) => void lines.push(line) }) };
}
