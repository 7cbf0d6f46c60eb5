import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { Lane } from "@sunledger/model";
import { openDatabase, postgresFrameStore, postgresRecords } from "@sunledger/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { thorough } from "../support/thoroughness.ts";
import { until } from "../support/until.ts";
import { provided } from "./fault-plants.ts";
import { fleetPoints, fleetValues, pollsACounter } from "./fleet-values.ts";
import { type KeptBroker, keptAedes } from "./kept-broker.ts";
import { type KeptProgram, keptProgram } from "./kept-program.ts";
import { type KeptStore, openKeptStore } from "./kept-store.ts";
import type { FleetOrder, FleetReport } from "./returning-fleet.ts";

const gateways = thorough(1_000, 50);
const gatewaysAProcess = 250;
const tags = ["INV-01", "INV-02"];
const hour = 3_600_000;
/** Each gateway's instants are apart from the others' by less than that. */
const everyMs = 30_000;
const polls = hour / everyMs;
/** In the morning of the day before yesterday, whatever day the machine has. */
const from = Math.floor(Date.now() / (24 * hour) - 2) * 24 * hour + 4 * hour;
/**
 * The bound of a backlog, and of what is live meanwhile (F14). A thousand at once are let in at 100 a second,
 * and what they have to tell takes one machine longer than a live frame should wait. Of fifty it would be 3 s, were
 * it not for all else that the machine may have to do.
 */
const bound = { drainedMs: 300_000, liveAgainMs: 60_000, liveP99Ms: 20_000 };
const fleetFile = fileURLToPath(new URL("./returning-fleet.ts", import.meta.url));
const timeout = thorough(1_200_000, 240_000);

let store: KeptStore;
let broker: KeptBroker;
let ingest: KeptProgram;
let fleet: ChildProcess[] = [];
let organisation: string;

beforeAll(async () => {
  store = await openKeptStore("returning gateways");
  const service = randomBytes(32).toString("base64url");
  const ids = Array.from({ length: gateways }, (_, i) => `roof-${i + 1}`);
  const secrets = Object.fromEntries(ids.map((id) => [id, randomBytes(32).toString("base64url")]));
  organisation = await provide(ids, secrets);
  const shared = { SUNLEDGER_DATABASE_URL: store.appUrl, SUNLEDGER_SERVICE_SECRET: service };
  broker = await keptAedes(shared);
  await broker.start();
  const mqttUrl = `mqtt://127.0.0.1:${broker.port}`;
  ingest = keptProgram("ingest", "ingest/src/main.ts", { ...shared, SUNLEDGER_MQTT_URL: mqttUrl });
  await ingest.start();

  const all = ids.map((id, number) => ({ id, secret: secrets[id] ?? "", number }));
  for (let first = 0; first < all.length; first += gatewaysAProcess) {
    const own = all.slice(first, first + gatewaysAProcess);
    const order = { mqttUrl, gateways: own, tags, from, everyMs, polls };
    fleet.push(await measuredFor(order));
  }
}, timeout);

afterAll(async () => {
  await Promise.all(fleet.map((child) => ended(child)));
  fleet = [];
  await ingest?.stop();
  await broker?.stop();
  await store?.stop();
});

test(`${gateways} gateways return at once after an hour: all is stored, once, and what is live is not held up (F14, D-3)`, {
  timeout,
}, async () => {
  await store.backUp();
  const reports = await Promise.all(fleet.map(returned));
  const backlog = reports.reduce((sum, report) => sum + report.backlog, 0);
  const drainedMs = Math.max(...reports.map((report) => report.drainedMs));
  const liveP99Ms = Math.max(...reports.map((report) => report.liveP99Ms));
  const liveAgainMs = Math.max(...reports.map((report) => report.liveAgainMs));
  process.stdout.write(
    `${gateways} gateways, ${backlog} frames: drained in ${drainedMs} ms, live again in ${liveAgainMs} ms, live p99 ${liveP99Ms} ms\n`,
  );

  expect(backlog).toBe(gateways * tags.length * (polls + Math.ceil(polls / pollsACounter)));
  expect(drainedMs).toBeLessThan(bound.drainedMs);
  expect(liveAgainMs).toBeLessThan(bound.liveAgainMs);
  expect(liveP99Ms).toBeLessThan(bound.liveP99Ms);
  expect(await compared()).toEqual({ frames: backlog + liveOf(reports), wrong: [] });
});

test("a store restored from an hour before is given that hour again from the rings (D-15, F22)", {
  timeout,
}, async () => {
  const { frames } = await compared();
  await ingest.kill();
  await store.restore();
  expect((await compared()).frames).toBe(0);
  await ingest.start();

  await until("the hour again", async () => (await compared()).frames >= frames, {
    timeoutMs: bound.drainedMs,
    everyMs: 1_000,
  });
  expect(await compared()).toEqual({ frames, wrong: [] });
  expect([...ingest.surprises(), ...broker.surprises()]).toEqual([]);
});

function liveOf(reports: readonly FleetReport[]): number {
  return reports.reduce((sum, { live }) => sum + live, 0);
}

async function provide(ids: readonly string[], secrets: Readonly<Record<string, string>>) {
  const database = await openDatabase(store.appUrl, { name: "returning", most: 2 });
  try {
    const records = postgresRecords(database);
    const made = await records.organisation("Returning");
    const devices = tags.map((tag) => ({ tag, kind: "inverter" as const }));
    await records.provision({
      organisation: made,
      plants: [provided("roof", ids, devices, secrets)],
    });
    return made;
  } finally {
    await database.close();
  }
}

/** A process of gateways whose hour has passed. */
async function measuredFor(order: FleetOrder): Promise<ChildProcess> {
  const child = fork(fleetFile, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ready = said(child, (word): word is "ready" => word === "ready");
  child.send(order);
  await ready;
  return child;
}

function returned(child: ChildProcess): Promise<FleetReport> {
  const report = said(child, (word): word is FleetReport => typeof word === "object");
  child.send("return");
  return report;
}

function said<T>(child: ChildProcess, isIt: (word: unknown) => word is T): Promise<T> {
  return new Promise((resolve, reject) => {
    child.on("message", (word: unknown) => {
      if (isIt(word)) resolve(word);
    });
    child.once("exit", (code, signal) => reject(new Error(`a fleet ended by ${signal ?? code}`)));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.send("end");
  await exit;
}

/** How many frames are stored, and which of them are not as they were measured. */
async function compared(): Promise<{ readonly frames: number; readonly wrong: readonly string[] }> {
  const database = await openDatabase(store.appUrl, { name: "returning", most: 1 });
  try {
    const records = postgresRecords(database);
    const devices = await records.devices(organisation);
    const wrong: string[] = [];
    const frames = { counters: 0, values: 0 };
    for (const lane of Lane.options) {
      const points = fleetPoints[lane];
      const seen = new Set<string>();
      for await (const { device, at, point, value } of postgresFrameStore(database).read({
        organisation,
        devices: devices.map(({ id }) => id),
        points,
        ...{ from, to: from + 24 * hour },
      })) {
        const tag = devices.find(({ id }) => id === device)?.tag ?? "";
        const meant = fleetValues(lane, at - from, tags.indexOf(tag))[points.indexOf(point)];
        if (value !== meant) wrong.push(`${tag} ${point} ${at}: ${value}, not ${meant}`);
        const key = `${tag} ${point} ${at}`;
        if (seen.has(key)) wrong.push(`${key}: twice`);
        seen.add(key);
      }
      frames[lane] = seen.size / points.length;
    }
    return { frames: frames.counters + frames.values, wrong: wrong.slice(0, 20) };
  } finally {
    await database.close();
  }
}
