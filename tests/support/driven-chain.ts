import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lastTick } from "@sunledger/runtime";
import { type FrameStore, postgresFrameStore, postgresRecords } from "@sunledger/store";
import { openTestDatabase } from "../../packages/store/src/testing/database-for-test.ts";
import { loadScenario } from "../../simulators/src/scenario/load-scenario.ts";
import { provided } from "../faults/fault-plants.ts";
import { freePorts } from "./free-ports.ts";
import { type Program, startProgram } from "./pipe.ts";

export type ChainWish = {
  readonly name: string;
  /** A scenario with one plant. */
  readonly scenario: string;
  /** What is polled fast and normally is polled so often, what is slow a tenth as often. */
  readonly everyMs: number;
  /** How many times as fast as real time, if everybody keeps up. */
  readonly speed: number;
};

/** A plant whose time is driven, from its simulators to PostgreSQL. */
export type DrivenChain = {
  /** What time it has come to, Unix milliseconds. */
  now(): Promise<number>;
  readonly store: FrameStore;
  readonly organisation: string;
  /** Device ids by tag. */
  readonly devices: ReadonlyMap<string, string>;
  readonly programs: Readonly<Record<"broker" | "simulators" | "ingest" | "gateway", Program>>;
  close(): Promise<void>;
};

/** No device answers late by the speed of the machine: what time is driven by waits as long as need be. */
const [answerMs, patienceSeconds] = [60_000, 180];

/**
 * Starts simulators, gateway, broker, ingest and PostgreSQL as real processes on a clock that the simulators drive as
 * fast as everybody keeps up: each frame is stored before the next is polled.
 */
export async function openDrivenChain(wish: ChainWish): Promise<DrivenChain> {
  const closing: (() => unknown)[] = [];
  const close = async () => {
    for (const one of closing.splice(0).reverse()) await one();
  };
  try {
    return { ...(await opened(wish, closing)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function opened(
  { name, scenario, everyMs, speed }: ChainWish,
  closing: (() => unknown)[],
): Promise<Omit<DrivenChain, "close">> {
  const folder = await mkdtemp(join(tmpdir(), "sunledger-driven-"));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const [plant] = (await loadScenario(scenario)).plants;
  if (!plant) throw new Error("the scenario has no plant");
  const { gateway, code, devices, latitude, longitude } = plant;
  const database = await openTestDatabase(name);
  closing.push(() => database.close());
  const [service = "", secret = ""] = [32, 32].map((size) => randomBytes(size).toString("hex"));
  const records = postgresRecords(database.database);
  const organisation = await records.organisation("Driven");
  const known = devices.map(({ tag, kind }) => ({ tag, kind: kind as "inverter" }));
  const own = provided(code, [gateway], known, { [gateway]: secret });
  await records.provision({ organisation, plants: [own] });

  const [brokerPort, firstPort] = [await freePorts(1), await freePorts(devices.length)];
  const mqttUrl = `mqtt://127.0.0.1:${brokerPort}`;
  const config = join(folder, "gateway.json");
  const polled = devices.map(({ tag, profile }, i) => ({
    ...{ tag, profile, url: `tcp://127.0.0.1:${firstPort + i}?unit=1` },
  }));
  const poll = { fastMs: everyMs, normalMs: everyMs, slowMs: 10 * everyMs };
  const place = { latitude, longitude };
  await writeFile(
    config,
    JSON.stringify({ id: gateway, place, poll, linger: { idleMs: 0 }, devices: polled }),
  );

  const env = {
    SUNLEDGER_CLOCK: "driven",
    SUNLEDGER_MQTT_URL: mqttUrl,
    SUNLEDGER_MQTT_PORT: String(brokerPort),
    SUNLEDGER_DATABASE_URL: database.appUrl,
    SUNLEDGER_SERVICE_SECRET: service,
  };
  const start = async (program: string, more = {}, args: readonly string[] = []) => {
    const started = await startProgram(program, { ...env, ...more }, args);
    closing.push(() => started.stop());
    return started;
  };
  const broker = await start("ingest/src/broker/main.ts");
  const served = {
    SUNLEDGER_SCENARIO: scenario,
    SUNLEDGER_SIMULATOR_PORT: String(firstPort),
    SUNLEDGER_DRIVEN_PROGRAMS: "_ingest",
  };
  const drive = ["--speed", String(speed), "--patience", String(patienceSeconds)];
  const simulators = await start("simulators/src/main.ts", served, drive);
  const polling = {
    SUNLEDGER_GATEWAY_CONFIG: config,
    SUNLEDGER_GATEWAY_SECRET: secret,
    SUNLEDGER_PROFILE_DIR: await patientProfiles(
      folder,
      new Set(polled.map(({ profile }) => profile)),
    ),
    SUNLEDGER_OUTBOX_DIR: join(folder, "outbox"),
  };
  const [ingest, gatewayProgram] = await Promise.all([
    start("ingest/src/main.ts"),
    start("gateway/src/main.ts", polling),
  ]);
  const ids = (await records.devices(organisation)).map(({ tag, id }) => [tag, id] as const);
  return {
    now: async () => (await lastTick({ mqttUrl, user: "_api", secret: service })) ?? 0,
    store: postgresFrameStore(database.database),
    organisation,
    devices: new Map(ids),
    programs: { broker, simulators, ingest, gateway: gatewayProgram },
  };
}

const shippedProfiles = fileURLToPath(new URL("../../gateway/src/profiles/", import.meta.url));

/** The shipped profiles of such ids in a folder of their own, with the time to answer that a busy machine needs. */
async function patientProfiles(folder: string, ids: ReadonlySet<string>): Promise<string> {
  const profiles = join(folder, "profiles");
  await mkdir(profiles);
  for (const id of ids) {
    const shipped = JSON.parse(await readFile(join(shippedProfiles, `${id}.json`), "utf8"));
    const limits = { ...shipped.limits, responseTimeoutMs: answerMs };
    await writeFile(join(profiles, `${id}.json`), JSON.stringify({ ...shipped, limits }));
  }
  return profiles;
}
