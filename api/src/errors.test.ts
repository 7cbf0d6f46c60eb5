import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { Problem } from "@sunledger/model";
import { openLog } from "@sunledger/runtime";
import { memoryFrameStore } from "@sunledger/store";
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
    ["a broken escape", { url: "/api/v1/plants/%E0%A4%A" }, 400, "request.malformed"],
    [
      "an endless part",
      { url: `/api/v1/plants/${"x".repeat(500)}` },
      414,
      "request.addressTooLong",
    ],
    [
      "another method",
      { method: "PUT" as const, url: "/api/v1/plants" },
      405,
      "request.wrongMethod",
    ],
    ["too much", { ...post(), payload: `"${"x".repeat(70_000)}"` }, 413, "request.tooLarge"],
  ])("for %s is a problem too", async (_, request, status, code) => {
    api = await testApi(noon);

    const answer = await api.app.inject(request);

    expect(answer.headers["content-type"]).toContain("application/problem+json");
    const problem = Problem.parse(answer.json());
    expect([answer.statusCode, problem]).toMatchObject([status, { status, code }]);
    expect(answer.headers["x-request-id"]).toBe(problem.instance.replace("urn:uuid:", ""));
  });

  test.each([
    ["/api/v1/plants", "GET, HEAD"],
    ["/api/v1/session", "DELETE, GET, HEAD, POST"],
    [`/api/v1/devices/${crypto.randomUUID()}/history`, "GET, HEAD"],
    ["/api/v1/openapi.json", "GET, HEAD"],
    ["/readyz", "GET, HEAD"],
  ])("of a method says which ones %s takes", async (url, allow) => {
    api = await testApi(noon);

    const answer = await api.app.inject({ method: "PATCH", url });

    expect([answer.statusCode, answer.headers.allow]).toEqual([405, allow]);
  });

  test("to be HTTP at all is a problem too", async () => {
    api = await testApi(noon);
    const address = new URL(await api.app.listen({ host: "127.0.0.1", port: 0 }));
    const socket = connect(Number(address.port), address.hostname);
    socket.write("GET / HTTP/9.9\r\nnonsense\r\n\r\n");

    const [head = "", body = ""] = (await text(socket)).split("\r\n\r\n");

    expect(head).toContain("400 Bad Request");
    expect(head).toContain("application/problem+json");
    expect(Problem.parse(JSON.parse(body)).code).toBe("request.malformed");
  });
});

describe("a NUL", () => {
  test.each([
    ["the query", "points=%00"],
    ["a later part of it", "points=ac.power.active&other=a%00b"],
    ["a name in it", "points=ac.power.active&a%00b=1"],
  ])("in %s is refused before anything is asked", async (_, query) => {
    api = await testApi(noon);
    const device = api.own.devices.get("INV-01")?.id;
    const window = "from=2026-06-21T00:00:00Z&to=2026-06-21T04:00:00Z";

    const { status, body } = await api.get(
      `/api/v1/devices/${device}/history?${window}&${query}`,
      await api.cookie(api.own),
    );

    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: "request.invalid",
      errors: [{ message: expect.stringContaining("U+0000") }],
    });
  });

  test("in a body or a path is refused too", async () => {
    api = await testApi(noon);
    const cookie = await api.cookie(api.own);
    const payload = { email: "own@sunledger.example", password: "correct\0horse" };

    const body = await api.app.inject({ ...post("application/json"), payload });
    const path = await api.app.inject({ url: "/api/v1/plants/%00", headers: { cookie } });

    expect([body.statusCode, path.statusCode]).toEqual([400, 400]);
    expect(body.json()).toMatchObject({ errors: [{ path: "body/password" }] });
  });
});

test("half a character in a body is refused: what keeps documents takes none", async () => {
  api = await testApi(noon);
  const payload = String.raw`{"email":"own@sunledger.example","password":"correct \ud800 horse"}`;

  const answer = await api.app.inject({ ...post("application/json"), payload });

  expect([answer.statusCode, answer.json()]).toMatchObject([
    400,
    { code: "request.invalid", errors: [{ path: "body/password" }] },
  ]);
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
  const message = "Failed query: select $1\nparams: a secret parameter";
  return Object.assign(new Error(message, { cause: refused }), {
    ...{ query: "select $1", params: ["a secret parameter"] },
  });
}

function post(type = "application/json") {
  return { method: "POST" as const, url: "/api/v1/session", headers: { "content-type": type } };
}

function keptLog() {
  const lines: string[] = [];
  return { lines, log: openLog("api", "json", (line) => lines.push(line)) };
}
