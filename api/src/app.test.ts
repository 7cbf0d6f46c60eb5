import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { drivenClock, openLog, type Scope } from "@sunledger/runtime";
import {
  memoryLeases,
  postgresAudit,
  postgresCommands,
  postgresConditions,
  postgresConfigurations,
  postgresFrameStore,
  postgresRecords,
  postgresRollouts,
} from "@sunledger/store";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startApi } from "./app.ts";
import { openIdentity } from "./identity/open-identity.ts";
import { openTestPostgres, type TestPostgres } from "./testing/postgres.ts";
import { samplePlant } from "./testing/sample-plants.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const noon = Date.UTC(2026, 5, 21, 4);
const secret = "a secret for tests, long enough to be one";
const password = "correct horse battery";

let postgres: TestPostgres;
let address: string;
let dashboard: string;
const stopping: (() => unknown)[] = [];
const ended = new AbortController();
const logged: string[] = [];
const scope: Scope = {
  log: openLog("api", "json", (line) => logged.push(line)),
  signal: ended.signal,
  onStop: (_name, stop) => void stopping.push(stop),
};

beforeAll(async () => {
  postgres = await openTestPostgres();
  const { database } = postgres;
  const records = postgresRecords(database);
  for (const name of ["own", "other"]) {
    const organisation = await records.organisation(name);
    await records.provision({ organisation, plants: [samplePlant(name)] });
  }
  dashboard = await mkdtemp(join(tmpdir(), "sunledger-dashboard-"));
  await mkdir(join(dashboard, "assets"));
  await writeFile(join(dashboard, "index.html"), "<!doctype html><title>Sunledger</title>");
  await writeFile(join(dashboard, "assets", "main-3f2a.js"), "export {};");

  const identity = await openIdentity({ database, records, secret, publicUrl: "http://127.0.0.1" });
  const clock = drivenClock(noon);
  ({ address } = await startApi(
    {
      ...{ clock, pace: clock, records, identity, dashboard },
      ...{ commands: postgresCommands(database), profiles: new Map() },
      configurations: postgresConfigurations(database),
      lease: memoryLeases()(),
      ...{ rollouts: postgresRollouts(database), audit: postgresAudit(database) },
      conditions: postgresConditions(database),
      frames: postgresFrameStore(database),
      broker: { url: "mqtt://127.0.0.1:9", secret: "unused", instance: "test" },
      needs: [{ name: "database", check: () => database.pool.query("select 1") }],
      listen: { host: "127.0.0.1", port: 0 },
    },
    scope,
  ));
});

afterAll(async () => {
  ended.abort();
  for (const stop of stopping.reverse()) await stop();
  await postgres.close();
  await rm(dashboard, { recursive: true });
});

describe("the api over PostgreSQL", () => {
  test("lets users in who were created by the command, once and again", async () => {
    const users = ["own", "other"].map((name) => ({
      ...{ email: `${name}@sunledger.example`, name, password },
      ...{ role: "viewer", organisation: name },
    }));

    expect(await createUsers(JSON.stringify(users))).toMatchObject({ code: 0, created: 2 });
    expect(await createUsers(JSON.stringify(users))).toMatchObject({ code: 0, created: 0 });
    expect(await createUsers("nonsense")).toMatchObject({ code: 1 });

    const cookie = await signIn("own@sunledger.example");
    const { body } = await get("/api/v1/plants", cookie);
    expect(body).toMatchObject({ items: [{ code: "own", state: "never" }] });
  });

  test("keeps organisations apart by row-level security too", async () => {
    const [own, other] = await Promise.all([
      signIn("own@sunledger.example"),
      signIn("other@sunledger.example"),
    ]);
    const { body } = await get("/api/v1/plants", other);
    const { id } = (body as { items: { id: string }[] }).items[0] ?? { id: "" };

    expect((await get(`/api/v1/plants/${id}`, other)).status).toBe(200);
    expect((await get(`/api/v1/plants/${id}`, own)).status).toBe(404);
  });

  test("keeps what a user prefers over sign-ins", async () => {
    const cookie = await signIn("own@sunledger.example");
    await fetch(`${address}/api/v1/session/preferences`, {
      ...{ method: "PATCH", headers: { cookie, "content-type": "application/json" } },
      body: JSON.stringify({ theme: "grey" }),
    });

    const { body } = await get("/api/v1/session", await signIn("own@sunledger.example"));
    expect(body).toMatchObject({ user: { theme: "grey", role: "viewer" } });
  });

  test("says that the broker is away, and answers without it", async () => {
    expect(await get("/readyz")).toMatchObject({
      status: 503,
      body: { detail: "Missing: broker. It refuses connections." },
    });
  });
});

describe("the dashboard", () => {
  test("is one document for all of its pages, never kept without asking", async () => {
    for (const path of ["/", "/overview", "/plants/x?tab=history"]) {
      const answer = await fetch(`${address}${path}`);
      expect(await answer.text()).toContain("<title>Sunledger</title>");
      expect(answer.headers.get("cache-control")).toBe("no-cache");
      expect(answer.headers.get("content-security-policy")).toContain("default-src 'self'");
    }
  });

  test("has assets that are kept for good, and no document in their place", async () => {
    const asset = await fetch(`${address}/assets/main-3f2a.js`);
    expect(asset.headers.get("cache-control")).toContain("immutable");

    const missing = await fetch(`${address}/assets/main-0000.js`);
    expect([missing.status, missing.headers.get("content-type")]).toEqual([
      404,
      expect.stringContaining("application/problem+json"),
    ]);
    expect((await fetch(`${address}/api/v1/nothing`)).status).toBe(404);
  });
});

describe("the program", () => {
  test("says in one sentence that its port is taken, and ends", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };

    const { code, output } = await run("main.ts", { SUNLEDGER_HTTP_PORT: String(port) });

    taken.close();
    expect(code).toBe(1);
    expect(output).toContain(`port ${port} on 127.0.0.1 is in use by another program`);
    expect(output).not.toContain("could not stop");
  });

  test("says in one sentence that its database cannot be used as it is told, and ends", async () => {
    const elsewhere = new URL(postgres.url);
    elsewhere.pathname = "/nowhere";

    const { code, output } = await run("main.ts", {
      ...{ SUNLEDGER_DATABASE_URL: elsewhere.href, SUNLEDGER_HTTP_PORT: "0" },
    });

    expect(code).toBe(1);
    expect(output).toMatch(/the database cannot be used: .*nowhere.*check SUNLEDGER_DATABASE_URL/);
  });

  test("names every setting that is missing or wrong", async () => {
    const { code, output } = await run("main.ts", {
      SUNLEDGER_DATABASE_URL: "",
      SUNLEDGER_HTTP_PORT: "none",
    });

    expect(code).toBe(1);
    expect(output).toMatch(/SUNLEDGER_HTTP_PORT[\s\S]*SUNLEDGER_DATABASE_URL/);
  });
});

// Last: it takes the database away.
test("a database that goes away is said to be away, and no secret of who asks is told", async () => {
  const cookie = await signIn("own@sunledger.example");
  const [token = ""] = decodeURIComponent(cookie.split("=")[1] ?? "").split(".");
  const email = "somebody@sunledger.example";
  const password = "a password of somebody";
  await postgres.stopServer();
  logged.length = 0;
  const aside = [vi.spyOn(console, "error"), vi.spyOn(console, "warn"), vi.spyOn(console, "log")];

  const answers = [
    await get("/api/v1/plants", cookie),
    await get("/api/v1/session", cookie),
    await send("DELETE", cookie),
    await send("PATCH", cookie, { theme: "grey" }),
    await send("POST", "", { email, password }),
  ];

  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503));
  expect(answers[0]?.body).toMatchObject({ code: "store.unavailable" });
  // What keeps sessions has a log of its own, and is not to use it.
  expect(aside.flatMap(({ mock }) => mock.calls)).toEqual([]);
  expect(token.length).toBeGreaterThan(20);
  expect(logged.filter((line) => line.includes("request failed"))).toHaveLength(answers.length);
  for (const told of [logged.join(), JSON.stringify(answers)]) {
    expect(told).not.toContain(token);
    expect(told).not.toMatch(/somebody|select|params/i);
  }
});

async function signIn(email: string): Promise<string> {
  const answer = await fetch(`${address}/api/v1/session`, {
    ...{ method: "POST", headers: { "content-type": "application/json" } },
    body: JSON.stringify({ email, password }),
  });
  const cookies = answer.headers.getSetCookie();
  return cookies.map((cookie) => cookie.split(";", 1)[0]).join("; ");
}

/** To the session: what signs out, prefers or signs in. */
async function send(method: string, cookie: string, wanted?: object) {
  const path = method === "PATCH" ? "session/preferences" : "session";
  const answer = await fetch(`${address}/api/v1/${path}`, {
    ...{ method, headers: { cookie, ...(wanted && { "content-type": "application/json" }) } },
    ...(wanted && { body: JSON.stringify(wanted) }),
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
}

async function get(path: string, cookie = "") {
  const answer = await fetch(`${address}${path}`, { headers: { cookie } });
  return { status: answer.status, body: (await answer.json()) as unknown };
}

async function createUsers(input: string) {
  const { code, output } = await run("identity/create-user-main.ts", {}, input);
  return { code, created: Number(/"created":(\d+)/.exec(output)?.[1] ?? Number.NaN) };
}

async function run(file: string, env: Record<string, string>, input = "") {
  const program = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, [program], {
    env: {
      PATH: process.env.PATH,
      SUNLEDGER_DATABASE_URL: postgres.url,
      SUNLEDGER_AUTH_SECRET: secret,
      SUNLEDGER_SERVICE_SECRET: secret,
      SUNLEDGER_MQTT_URL: "mqtt://127.0.0.1:9",
      ...env,
    },
  });
  child.stdin.end(input);
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return { code: code as number, output };
}
