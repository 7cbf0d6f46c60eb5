import { spawn, spawnSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type CommandOrder, CommandResult, GatewayStatus, topics } from "@sunledger/model";
import { systemClock, unpackJson } from "@sunledger/runtime";
import { connectAsync, type MqttClient } from "mqtt";
import { pino } from "pino";
import { afterEach, describe, expect, test } from "vitest";
import { startBroker } from "../../ingest/src/broker/app.ts";
import { startProgram } from "../support/pipe.ts";
import { until } from "../support/until.ts";

/** Debian's packages live under the system's own interpreter, whichever is first on the path. */
const python = ["/usr/bin/python3", "python3"].find(
  (name) => spawnSync(name, ["-c", "import pymodbus.server.async_io"]).status === 0,
);
const hasToRun = process.env.CI === "true";
const id = "roof-17";
const secret = "secret of roof-17";
const serviceSecret = "the house's own secret";
const percent = "setpoint.activePower.percent";
/** Behind the marker, model 1 and model 103. */
const limitAt = 40_127;
const enableAt = 40_131;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** The embedded broker, a gateway of its own process, and inverters that we have not written. */
describe.runIf(python !== undefined || hasToRun)(
  "set-points of inverters served by pymodbus",
  () => {
    test("are limited by order and come back, over a restart of the gateway", async () => {
      const { devices, platform, gateway } = await site();

      const limited = await platform.order(set("SUN-01", 60, { revertAfterMs: 8_000 }));
      expect(limited).toMatchObject({
        ...{ state: "done", written: { previous: 100, readBack: 60, words: [600] } },
      });
      expect(devices.writes).toEqual([`write 1 ${limitAt} 600`, `write 1 ${enableAt} 1`]);
      await gateway.restart();
      await until("the limit to come back", () => devices.writes.length === 4, patient);
      expect(devices.writes.slice(2)).toEqual([`write 1 ${enableAt} 0`, `write 1 ${limitAt} 1000`]);

      const enable = {
        kind: "set",
        device: "SUN-01",
        point: "setpoint.activePower.enable",
        value: 1,
      };
      expect(await platform.order(enable as CommandOrder)).toMatchObject({ state: "done" });
      expect(await platform.order(set("SUN-01", 60.55))).toMatchObject({ code: "offStep" });
    }, 60_000);

    test("that may be kept in flash are never written in a loop, nor on order of an old session", async () => {
      const { devices, platform, gateway } = await site();

      expect(await platform.order(set("HUA-02", 50, { rampPerSecond: 1 }))).toMatchObject({
        ...{ state: "refused", code: "flash" },
      });
      expect(await platform.order(set("HUA-02", 50))).toMatchObject({ state: "done" });
      expect(await platform.order(set("HUA-02", 50))).toMatchObject({ state: "done" });
      expect(await platform.order(set("HUA-02", 40))).toMatchObject({ state: "done" });
      expect(await platform.order(set("HUA-02", 30))).toMatchObject({
        state: "refused",
        code: "flash",
      });
      expect(devices.writes).toEqual(["write 2 40125 500", "write 2 40125 400"]);

      const session = platform.session();
      await gateway.restart();
      await until(
        "another session",
        () => ![session, undefined].includes(platform.session()),
        patient,
      );
      expect(await platform.order(set("SUN-01", 50), session)).toMatchObject({
        code: "otherSession",
      });
      const read: CommandOrder = { kind: "read", device: "HUA-02", points: [percent] };
      expect(await platform.order(read)).toMatchObject({
        ...{ state: "done", reading: { points: [{ point: percent, value: 40 }] } },
      });
    }, 60_000);
  },
);

const patient = { timeoutMs: 20_000, everyMs: 50 };

function set(device: string, value: number, more: object = {}): CommandOrder {
  return { kind: "set", device, point: percent, value, ...more };
}

async function site() {
  const devices = await pymodbus();
  const url = await broker();
  const folder = mkdtempSync(join(tmpdir(), "sunledger-orders-"));
  closing.push(() => rmSync(folder, { recursive: true }));
  const config = join(folder, "gateway.yaml");
  const at = `tcp://127.0.0.1:${devices.port}`;
  const content = {
    id,
    commands: { allow: [{ device: "*", point: "setpoint.activePower.*" }], flashWritesADay: 2 },
    devices: [
      { tag: "SUN-01", url: `${at}?unit=1`, profile: "sunspec" },
      {
        tag: "HUA-02",
        url: `${at}?unit=2`,
        profile: "huawei-sun2000",
        points: { include: [percent] },
      },
    ],
  };
  // JSON is YAML.
  writeFileSync(config, JSON.stringify(content));
  const start = () =>
    startProgram("gateway/src/main.ts", {
      SUNLEDGER_GATEWAY_CONFIG: config,
      SUNLEDGER_MQTT_URL: url,
      SUNLEDGER_GATEWAY_SECRET: secret,
      SUNLEDGER_OUTBOX_DIR: join(folder, "outbox"),
    });
  let running = await start();
  closing.push(() => running.stop());
  const gateway = {
    async restart() {
      await running.stop();
      running = await start();
    },
  };
  return { devices, platform: await platformAt(url), gateway };
}

/** What orders in the platform's name, and hears what becomes of it. */
async function platformAt(url: string) {
  const client: MqttClient = await connectAsync(url, {
    ...{ clientId: "_api-test", username: "_api", password: serviceSecret },
  });
  closing.push(() => client.endAsync(true));
  const results: CommandResult[] = [];
  let status: GatewayStatus | undefined;
  client.on("message", (topic, payload) => {
    const message = unpackJson(payload);
    if (topic === topics.status(id)) status = GatewayStatus.parse(message);
    else results.push(CommandResult.parse(message));
  });
  await client.subscribeAsync([topics.every.status, topics.every.result], { qos: 1 });
  const session = () => (status?.state === "online" ? status.session : undefined);
  const lastOf = (command: string) =>
    results.find(({ id, state }) => id === command && /done|failed|refused/.test(state));

  return {
    session,
    async order(what: CommandOrder, word?: string) {
      const present = word ?? (await until("a session", session, patient));
      const now = systemClock().now();
      const command = { v: 1, id: randomUUID(), session: present, at: now, what };
      const orderedBy = { id: "u1", name: "Li Wei" };
      const whole = { ...command, orderedBy, expiresAt: now + 20_000 };
      await client.publishAsync(topics.command(id), JSON.stringify(whole), { qos: 1 });
      return until(`what became of ${what.kind}`, () => lastOf(command.id), patient);
    },
  };
}

async function broker(): Promise<string> {
  const stopping = new AbortController();
  const started: (() => unknown)[] = [];
  const { port } = await startBroker(
    {
      listenOn: { host: "127.0.0.1", port: 0 },
      gatewayEntry: async (user) => {
        const secretHash = createHash("sha256").update(secret).digest("hex");
        return user === id ? { secretHash } : undefined;
      },
      ...{ serviceSecret, drivenClock: false, pace: systemClock() },
    },
    {
      log: pino({ level: "silent" }),
      signal: stopping.signal,
      onStop: (_name, stop) => void started.push(stop),
    },
  );
  closing.push(async () => {
    stopping.abort();
    for (const stop of started.reverse()) await stop();
  });
  return `mqtt://127.0.0.1:${port}`;
}

async function pymodbus() {
  if (!python) {
    throw new Error("pymodbus is missing: apt-get install python3-pymodbus python3-serial-asyncio");
  }
  const script = fileURLToPath(new URL("../support/pymodbus-set-points.py", import.meta.url));
  const server = spawn(python, [script], { stdio: ["pipe", "pipe", "inherit"] });
  closing.push(async () => {
    const ended = server.exitCode === null ? once(server, "exit") : undefined;
    server.stdin.end();
    await ended;
  });
  const lines = createInterface(server.stdout);
  const [port] = await once(lines, "line");
  const writes: string[] = [];
  lines.on("line", (line) => writes.push(line));
  return { port: Number(port), writes };
}
