import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "@sunledger/runtime";
import { type EmbeddedPostgres, migrate, startEmbeddedPostgres } from "@sunledger/store";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { freePorts } from "../../tests/support/free-ports.ts";
import { startBroker } from "./broker/app.ts";
import { testScope } from "./testing/scope.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const secret = "the house's own secret";
const patient = { timeout: 90_000, interval: 50 };
const house = testScope();
const log = { info: () => {} };
let dataDir: string;
let postgres: EmbeddedPostgres;
let mqttUrl: string;
let program: ChildProcess | undefined;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "sunledger-ingest-"));
  await chmod(dataDir, 0o755);
  postgres = await startEmbeddedPostgres({ dataDir, log, name: "ingest test" });
  await migrate(postgres.ownerUrl);
  const { port } = await startBroker(
    {
      ...{ listenOn: { host: "127.0.0.1", port: 0 }, serviceSecret: secret, drivenClock: false },
      ...{ gatewayEntry: async () => undefined, pace: systemClock() },
    },
    house,
  );
  mqttUrl = `mqtt://127.0.0.1:${port}`;
});

afterEach(async () => {
  if (program && program.exitCode === null && program.kill()) await once(program, "exit");
  program = undefined;
});

afterAll(async () => {
  await house.stop();
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
});

test("ingest waits for its database, and is ready once it and the broker are there", async () => {
  await postgres.stop();
  const page = await start({ SUNLEDGER_DATABASE_URL: postgres.appUrl });

  await vi.waitFor(async () => expect(await page("healthz")).toEqual([200, "alive\n"]), patient);
  expect(await page("readyz")).toEqual([503, "no database\n"]);
  const [, before] = await page("metrics");
  expect(before).toMatch(/^sunledger_ingest_commits_total 0$/m);

  const { port } = postgres;
  postgres = await startEmbeddedPostgres({ dataDir, port, log, name: "ingest test" });
  await vi.waitFor(async () => expect(await page("readyz")).toEqual([200, "ready\n"]), patient);
  const [, text] = await page("metrics");
  expect(text).toMatch(/^sunledger_ingest_rows_total\{outcome="stored"\} 0$/m);
  expect(text).toMatch(/^sunledger_ingest_rows_total\{outcome="quarantined"\} 0$/m);
  expect(text).toMatch(/^sunledger_ingest_lag_seconds 0$/m);
});

test("it stops at once while it waits", async () => {
  const page = await start({ SUNLEDGER_DATABASE_URL: "postgres://a:b@127.0.0.1:9/none" });
  await vi.waitFor(async () => expect((await page("healthz"))[0]).toBe(200), patient);

  program?.kill("SIGTERM");

  expect(await once(program as ChildProcess, "exit")).toEqual([0, null]);
});

test("it ends when its database can never do, and says why", async () => {
  await start({ SUNLEDGER_DATABASE_URL: postgres.superuserUrl });

  expect(await once(program as ChildProcess, "exit")).toEqual([1, null]);
});

/** Starts the program and answers how its pages are asked for. */
async function start(env: Record<string, string>) {
  const port = await freePorts(1);
  program = spawn(process.execPath, [fileURLToPath(new URL("./main.ts", import.meta.url))], {
    stdio: "ignore",
    env: {
      ...{ PATH: process.env.PATH, SUNLEDGER_MQTT_URL: mqttUrl, SUNLEDGER_SERVICE_SECRET: secret },
      ...{ SUNLEDGER_INGEST_METRICS_PORT: String(port), ...env },
    },
  });
  return async (name: string): Promise<readonly [number, string]> => {
    const answer = await fetch(`http://127.0.0.1:${port}/${name}`);
    return [answer.status, await answer.text()];
  };
}
