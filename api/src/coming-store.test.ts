import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Aedes } from "aedes";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openTestPostgres, type TestPostgres } from "./testing/postgres.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let postgres: TestPostgres;
let api: ChildProcess;
const stopping: (() => unknown)[] = [];

beforeAll(async () => {
  postgres = await openTestPostgres();
  stopping.push(() => postgres.close());
});

afterAll(async () => {
  for (const stop of stopping.reverse()) await stop();
});

test("the api answers without its database, and is ready whenever it is there", async () => {
  await postgres.stopServer();
  const address = await startProgram({ SUNLEDGER_MQTT_URL: await openBroker() });

  expect((await ask(`${address}/healthz`)).status).toBe(200);
  await becomes(address, {
    status: 503,
    detail:
      "Missing: database. The database cannot be asked: it refuses connections. Missing: frame store. The database cannot be asked: it refuses connections.",
  });
  expect(
    await ask(`${address}/api/v1/plants`, { cookie: "sunledger.session_token=x" }),
  ).toMatchObject({
    status: 503,
    body: { code: "store.unavailable" },
  });

  await postgres.startServer();
  await becomes(address, { status: 200 });
  expect((await ask(`${address}/api/v1/plants`)).status).toBe(401);

  await postgres.stopServer();
  await becomes(address, { status: 503, detail: expect.stringContaining("database") });
  expect((await ask(`${address}/healthz`)).status).toBe(200);

  await postgres.startServer();
  await becomes(address, { status: 200 });
});

test("it stops at once while it waits for its database", async () => {
  await postgres.stopServer();
  await startProgram({});

  api.kill("SIGTERM");

  expect(await once(api, "exit")).toEqual([0, null]);
});

async function startProgram(env: Record<string, string>): Promise<string> {
  const program = fileURLToPath(new URL("./main.ts", import.meta.url));
  const child = spawn(process.execPath, [program], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      PATH: process.env.PATH,
      SUNLEDGER_DATABASE_URL: postgres.url,
      SUNLEDGER_HTTP_PORT: "0",
      SUNLEDGER_AUTH_SECRET: "a secret for tests, long enough to be one",
      SUNLEDGER_SERVICE_SECRET: "a secret for tests",
      SUNLEDGER_MQTT_URL: "mqtt://127.0.0.1:9",
      ...env,
    },
  });
  api = child;
  stopping.push(() => child.kill());
  return new Promise((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      const { address } = JSON.parse(line) as { address?: string };
      if (address) resolve(address);
    });
    child.once("exit", (code) => reject(new Error(`the api ended with ${code}`)));
  });
}

async function openBroker(): Promise<string> {
  const broker = await Aedes.createBroker();
  const server = createServer(broker.handle).listen(0, "127.0.0.1");
  await once(server, "listening");
  stopping.push(
    () => broker.close(),
    () => server.close(),
  );
  return `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function ask(url: string, headers: Record<string, string> = {}) {
  const answer = await fetch(url, { headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** Waits until `/readyz` answers so. */
async function becomes(address: string, { status, detail }: { status: number; detail?: unknown }) {
  await vi.waitFor(
    async () => {
      const ready = await ask(`${address}/readyz`);
      expect(ready.status).toBe(status);
      if (detail !== undefined) expect(ready.body.detail).toEqual(detail);
    },
    { timeout: 30_000, interval: 200 },
  );
}
