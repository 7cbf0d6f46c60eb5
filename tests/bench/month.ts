import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pass } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { lastTick } from "@sunledger/runtime";
import { postgresFrameStore, postgresRecords } from "@sunledger/store";
import { openTestDatabase } from "../../packages/store/src/testing/database-for-test.ts";
import { loadScenario } from "../../simulators/src/scenario/load-scenario.ts";
import { provided } from "../faults/fault-plants.ts";
import { freePorts } from "../support/free-ports.ts";
import { startProgram } from "../support/pipe.ts";

const file = fileURLToPath(
  new URL("../../simulators/scenarios/winter-month.yaml", import.meta.url),
);
const minute = 60_000;
const month = 31 * 24 * 60 * minute;

/** How long a month of a plant may take that is polled once a minute. */
const limit = { minutes: 30 };
const polls = [minute, 10_000] as const;
const warmUpMs = 3_000;

/**
 * How long a month of one plant takes when it is driven as fast as everybody keeps up: simulators, gateway, broker,
 * ingest and PostgreSQL as real processes, each frame stored before the next is polled.
 */
export async function bench({ seconds }: { readonly seconds: number }) {
  const results = [];
  for (const everyMs of polls) results.push(await measure(everyMs, seconds / polls.length));
  const [first] = results;
  return {
    name: "month",
    machine: `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}`,
    figure: { monthMinutes: first?.monthMinutes },
    limit,
    ratio: round((first?.monthMinutes ?? Number.POSITIVE_INFINITY) / limit.minutes),
    results,
  };
}

async function measure(everyMs: number, seconds: number) {
  const closing: (() => unknown)[] = [];
  const folder = await mkdtemp(join(tmpdir(), "sunledger-month-"));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  try {
    const [plant] = (await loadScenario(file)).plants;
    if (!plant) throw new Error("the scenario has no plant");
    const { gateway, code, devices, latitude, longitude } = plant;
    const database = await openTestDatabase("bench month");
    closing.push(() => database.close());
    const [service, secret] = [randomBytes(32), randomBytes(32)].map((one) => one.toString("hex"));
    const records = postgresRecords(database.database);
    const organisation = await records.organisation("Month");
    const known = devices.map(({ tag, kind }) => ({ tag, kind: kind as "inverter" }));
    const own = provided(code, [gateway], known, { [gateway]: secret ?? "" });
    await records.provision({ organisation, plants: [own] });

    const [brokerPort, firstPort] = [await freePorts(1), await freePorts(devices.length)];
    const mqttUrl = `mqtt://127.0.0.1:${brokerPort}`;
    const config = join(folder, "gateway.json");
    const devicesOf = devices.map(({ tag, profile }, i) => ({
      ...{ tag, profile, url: `tcp://127.0.0.1:${firstPort + i}?unit=1` },
    }));
    const poll = { fastMs: everyMs, normalMs: everyMs, slowMs: 10 * everyMs };
    const place = { latitude, longitude };
    await writeFile(config, JSON.stringify({ id: gateway, place, poll, devices: devicesOf }));

    const env = {
      SUNLEDGER_CLOCK: "driven",
      SUNLEDGER_MQTT_URL: mqttUrl,
      SUNLEDGER_MQTT_PORT: String(brokerPort),
      SUNLEDGER_DATABASE_URL: database.appUrl,
      SUNLEDGER_SERVICE_SECRET: service ?? "",
    };
    const start = async (program: string, more = {}, args: readonly string[] = []) => {
      const started = await startProgram(program, { ...env, ...more }, args);
      closing.push(() => started.stop());
    };
    await start("ingest/src/broker/main.ts");
    const served = {
      SUNLEDGER_SCENARIO: file,
      SUNLEDGER_SIMULATOR_PORT: String(firstPort),
      SUNLEDGER_DRIVEN_PROGRAMS: "_ingest",
    };
    await start("simulators/src/main.ts", served, ["--speed", "1000000"]);
    const polling = {
      SUNLEDGER_GATEWAY_CONFIG: config,
      SUNLEDGER_GATEWAY_SECRET: secret ?? "",
      SUNLEDGER_OUTBOX_DIR: join(folder, "outbox"),
    };
    await Promise.all([start("ingest/src/main.ts"), start("gateway/src/main.ts", polling)]);

    const now = async () => (await lastTick({ mqttUrl, user: "_api", secret: service ?? "" })) ?? 0;
    await pass(warmUpMs);
    const [begin, from] = [performance.now(), await now()];
    await pass(1_000 * seconds);
    const [spent, to] = [performance.now() - begin, await now()];
    const stored = await postgresFrameStore(database.database).buckets({
      ...{ organisation, points: ["ac.frequency"], everyMs: month, from: 0, to },
      devices: (await records.devices(organisation)).map(({ id }) => id),
    });
    return {
      pollMs: everyMs,
      hoursASecond: round((to - from) / (60 * minute) / (spent / 1_000)),
      monthMinutes: round((month / (to - from)) * (spent / minute)),
      /** Of one point of five devices: nothing that was polled may be left out. */
      stored: stored.reduce((sum, { count }) => sum + count, 0),
    };
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
