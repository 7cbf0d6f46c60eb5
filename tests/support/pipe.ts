import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { postgresRecords } from "@sunledger/store";
import {
  openTestDatabase,
  type TestDatabase,
} from "../../packages/store/src/testing/database-for-test.ts";
import { compiledOnce } from "./compiled.ts";
import { freePorts } from "./free-ports.ts";

/** A program of the house in a process of its own. */
export type Program = {
  readonly process: ChildProcess;
  /** Everything it has logged. */
  log(): string;
  /** Stops it as its supervisor would; the exit code. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
};

/** From the broker to an embedded PostgreSQL, without the plants before and the api behind. */
export type Pipe = {
  readonly mqttUrl: string;
  readonly organisation: string;
  readonly plant: string;
  /** Device ids by tag, the same for every gateway. */
  readonly devices: ReadonlyMap<string, string>;
  /** What the house's programs sign in with. */
  readonly serviceSecret: string;
  /** Secrets by gateway id. */
  readonly gateways: ReadonlyMap<string, string>;
  readonly database: TestDatabase;
  startBroker(env?: Readonly<Record<string, string>>): Promise<Program>;
  startIngest(env?: Readonly<Record<string, string>>): Promise<Program>;
  /** Stops what still runs, and the database last. */
  close(): Promise<void>;
};

const root = fileURLToPath(new URL("../../", import.meta.url));

export async function openPipe(
  name: string,
  { gateways, devices }: { readonly gateways: number; readonly devices: number },
): Promise<Pipe> {
  const database = await openTestDatabase(name);
  const serviceSecret = randomBytes(32).toString("base64url");
  const secrets = new Map(
    Array.from({ length: gateways }, (_, i) => [
      `roof-${i + 1}`,
      randomBytes(32).toString("base64url"),
    ]),
  );
  const tags = Array.from({ length: devices }, (_, i) => `INV-${String(i + 1).padStart(3, "0")}`);
  const { organisation, plant, ids } = await provide(database, secrets, tags);

  const port = await freePorts(1);
  const mqttUrl = `mqtt://127.0.0.1:${port}`;
  const running = new Set<Program>();
  const start = async (file: string, env: Readonly<Record<string, string>>) => {
    const program = await startProgram(file, {
      SUNLEDGER_DATABASE_URL: database.appUrl,
      SUNLEDGER_SERVICE_SECRET: serviceSecret,
      ...env,
    });
    running.add(program);
    return program;
  };

  return {
    mqttUrl,
    organisation,
    plant,
    devices: ids,
    serviceSecret,
    gateways: secrets,
    database,
    startBroker: (env = {}) =>
      start("ingest/src/broker/main.ts", { SUNLEDGER_MQTT_PORT: String(port), ...env }),
    startIngest: (env = {}) => start("ingest/src/main.ts", { SUNLEDGER_MQTT_URL: mqttUrl, ...env }),
    async close() {
      for (const program of [...running].reverse()) await program.stop();
      await database.close();
    },
  };
}

async function provide(
  { database }: TestDatabase,
  secrets: ReadonlyMap<string, string>,
  tags: readonly string[],
) {
  const records = postgresRecords(database);
  const organisation = await records.organisation("Pipe");
  const hashOf = (secret: string) => createHash("sha256").update(secret).digest("hex");
  await records.provision({
    organisation,
    plants: [
      {
        plant: {
          code: "roof",
          name: { en: "Roof" },
          timeZone: "Asia/Shanghai",
          latitude: 36.8,
          longitude: 118.06,
          altitudeM: 30,
          dcPowerW: 1_000_000,
          acPowerW: 880_000,
          gammaPerC: -0.0035,
        },
        gateways: [...secrets].map(([id, secret]) => ({ id, secretHash: hashOf(secret) })),
        devices: tags.map((tag) => ({ tag, name: { en: tag }, kind: "inverter", atGrid: false })),
      },
    ],
  });
  const devices = await records.devices(organisation);
  const [first] = devices;
  if (!first) throw new Error("no device was made");
  return {
    organisation,
    plant: first.plant,
    ids: new Map(devices.map(({ tag, id }) => [tag, id])),
  };
}

/** Starts a program as its supervisor does, and waits until it says that it has started. */
export async function startProgram(
  file: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<Program> {
  const child = spawn(process.execPath, [`${root}${file}`, ...args], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...compiledOnce, PATH: process.env.PATH ?? "", NODE_ENV: "production", ...env },
    detached: true,
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (text) => {
      said += text;
    });
  }
  const ended = once(child, "exit");
  const program: Program = {
    process: child,
    log: () => said,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await ended;
      return child.exitCode;
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
  const [first] = await Promise.race([once(child, "message"), ended]);
  if (first !== "started") throw new Error(`${file} did not start: ${said}`);
  return program;
}
