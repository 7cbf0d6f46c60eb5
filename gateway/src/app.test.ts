import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { topics } from "@sunledger/model";
import { drivenClock, type Scope } from "@sunledger/runtime";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { freePorts } from "../../tests/support/free-ports.ts";
import { modbusPeer } from "../../tests/support/modbus-peer/modbus-peer.ts";
import { patient } from "../../tests/support/patient.ts";
import { startGateway } from "./app.ts";
import { GatewayConfig } from "./config.ts";
import { type AckingPeer, startAckingPeer } from "./delivery/testing/acking-peer.ts";
import { type RegisterServer, registerServer } from "./modbus/testing/register-server.ts";
import { rtuPeer } from "./modbus/testing/rtu-peer.ts";
import { loadProfiles } from "./profiles/load-profiles.ts";
import { proxyTestClient } from "./proxy/testing/proxy-client.ts";
import { loadSunspecModels, sunspecPointNames } from "./sunspec/models.ts";

const models = loadSunspecModels();
const profiles = loadProfiles({ sunspec: sunspecPointNames(models) });
const clock = drivenClock(Date.UTC(2026, 5, 1));

let folder: string;
let peer: AckingPeer;
let meter: RegisterServer;
let stopping: AbortController;
let started: (() => unknown)[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sunledger-gateway-"));
  peer = await startAckingPeer();
  meter = await registerServer();
  stopping = new AbortController();
  started = [];
});

afterEach(async () => {
  await stop();
  await meter.close();
  await peer.close();
  rmSync(folder, { recursive: true });
});

test("a meter's registers arrive as frames of both lanes, in order and complete over a restart", async () => {
  for (let register = 0; register < 500; register += 1) meter.input.set(register, 0);
  meter.input.set(52, 0x45e8); // total power as a float
  await start();
  await clock.advance(clock.now() + 15_000);
  await stop();
  await start();
  await clock.advance(clock.now() + 40_000);

  await vi.waitFor(() => {
    const frames = peer.received.flatMap((message) => message.frames);
    expect(frames.length).toBeGreaterThan(8);
  }, patient);
  const epochs = new Set(peer.received.map(({ epoch }) => epoch));
  expect(epochs.size).toBe(1);
  for (const lane of ["values", "counters"] as const) {
    const frames = peer.received.filter((m) => m.lane === lane).flatMap((m) => m.frames);
    const numbers = [...new Set(frames.map(({ sequence }) => sequence))].sort((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
    expect(new Set(frames.map(({ at }) => at)).size).toBe(numbers.length);
  }
  const statuses = peer.told.filter(({ topic }) => topic.endsWith("/status"));
  expect(JSON.stringify(statuses.at(-1)?.message)).toContain('"reachable"');
}, 60_000);

test("says in Prometheus' words how it fares, on the loopback", async () => {
  for (let register = 0; register < 500; register += 1) meter.input.set(register, 0);
  const port = await freePorts(1);
  await start(undefined, port);
  await clock.advance(clock.now() + 30_000);
  const page = async (name: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}/${name}`);
    return { status: answer.status, text: await answer.text() };
  };
  await vi.waitFor(async () => expect((await page("readyz")).status).toBe(200), patient);

  const { text } = await page("metrics");
  expect(text).toMatch(/^sunledger_polls_total\{device="METER-01"\} 30$/m);
  expect(text).toMatch(/^sunledger_poll_lateness_seconds_count 30$/m);
  expect(text).toMatch(/^sunledger_requests_total\{device="METER-01",outcome="answered"\} [1-9]/m);
  expect(text).toMatch(/^sunledger_requests_total\{device="METER-01",outcome="timeouts"\} 0$/m);
  expect(text).toMatch(/^sunledger_device_state\{device="METER-01",state="reachable"\} 1$/m);
  expect(text).toMatch(/^sunledger_frames\{lane="values",state="produced"\} 30$/m);
  expect(text).toMatch(/^sunledger_outbox_bytes [1-9]\d{3}/m);
  expect(text).toMatch(/^sunledger_broker_connected 1$/m);
  expect(text).toMatch(/^process_resident_memory_bytes \d/m);
  expect([(await page("healthz")).status, (await page("other")).status]).toEqual([200, 404]);

  let traced = "";
  void page("trace?device=METER-01&pieces=2&seconds=60").then(({ text }) => {
    traced = text;
  });
  await vi.waitFor(async () => {
    await clock.advance(clock.now() + 1_000);
    expect(traced).toMatch(/^# the line of METER-01.*\n(\S+Z [<>] [0-9a-f]+\n){2}# 2 pieces/);
  }, 30_000);

  await peer.closePort();
  await vi.waitFor(async () => expect((await page("readyz")).status).toBe(503), patient);
  expect((await page("healthz")).status).toBe(200);
}, 60_000);

test("says how long frames wait, and nothing of a device that is gone", async () => {
  for (let register = 0; register < 500; register += 1) meter.input.set(register, 0);
  const port = await freePorts(1);
  peer.acks = () => false;
  const both = [device("METER-01", meter), device("METER-03", meter, 3)];
  const gateway = await start(both, port);
  const text = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  await clock.advance(clock.now() + 40_000);
  const waited = await text();
  expect(waited).toMatch(/^sunledger_polls_total\{device="METER-03"\} 40$/m);
  expect(waited).toMatch(/^sunledger_oldest_unacknowledged_seconds\{lane="values"\} 39$/m);
  expect(waited).toMatch(/^sunledger_oldest_unacknowledged_seconds\{lane="counters"\} 39$/m);

  await gateway.reconfigure(site([device("METER-01", meter)]));
  const left = await text();
  expect(left).not.toContain("METER-03");
  expect(left).toContain('sunledger_polls_total{device="METER-01"} 40');

  peer.acks = () => true;
  const oldest = /^sunledger_oldest_unacknowledged_seconds\{lane="values"\} ([\d.]+)$/m;
  await vi.waitFor(async () => {
    await clock.advance(clock.now() + 1_000);
    expect(Number(oldest.exec(await text())?.[1])).toBeLessThan(15);
  }, patient);
}, 60_000);

test("lives by another configuration without losing a frame", async () => {
  const other = await registerServer();
  const third = await registerServer();
  for (const { input } of [meter, other, third]) {
    for (let register = 0; register < 500; register += 1) input.set(register, 0);
  }
  try {
    const gateway = await start([
      device("METER-01", meter),
      device("METER-02", other),
      device("METER-03", other, 3),
    ]);
    await clock.advance(clock.now() + 20_000);
    const changedAt = clock.now();
    await gateway.reconfigure(
      site([device("METER-01", meter), device("METER-02", third), device("METER-04", other)]),
    );
    await clock.advance(clock.now() + 20_000);
    await expect(gateway.reconfigure(site([device("METER-01", third)], "roof-18"))).rejects.toThrow(
      "this gateway is roof-17",
    );
    await clock.advance(clock.now() + 10_000);
    const until = clock.now();
    await clock.advance(until + 15_000);
    const values = () =>
      peer.received.filter(({ lane }) => lane === "values").flatMap(({ frames }) => frames);
    await vi.waitFor(() => expect(values().some(({ at }) => at > until)).toBe(true), patient);

    const frames = values().filter(({ at }) => at <= until);
    const slotsOf = (tag: string, part = frames) =>
      [...new Set(part.filter((f) => f.device === tag).map(({ at }) => at))].sort((a, b) => a - b);
    const all = slotsOf("METER-01");
    expect(all.length).toBeGreaterThanOrEqual(50);
    expect(all).toEqual(all.map((_, i) => (all[0] ?? 0) + i * 1_000));
    expect(slotsOf("METER-02")).toEqual(all);
    expect(slotsOf("METER-03")).toEqual(all.filter((at) => at <= changedAt));
    expect(slotsOf("METER-04")).toEqual(all.filter((at) => at > changedAt));
    const numbers = [...new Set(frames.map(({ sequence }) => sequence))].sort((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
    // The line that stayed is the one that was opened; the other was given up and made anew.
    expect([meter.connections, other.connections, third.connections]).toEqual([1, 2, 1]);
    const online = peer.told.filter(({ message }) => JSON.stringify(message).includes('"online"'));
    expect(JSON.stringify(online.at(-1)?.message)).not.toContain("METER-03");
  } finally {
    await stop();
    await other.close();
    await third.close();
  }
}, 60_000);

test("polls a line with a proxy by its other settings", async () => {
  const line = await rtuPeer();
  const listen = `127.0.0.1:${await freePorts(1)}`;
  const onLine = (baud: number) => {
    const url = `rtu+tcp://127.0.0.1:${line.port}?baud=${baud}&unit=1`;
    return [{ tag: "METER-01", url, profile: "eastron-sdm630", proxy: { listen } }];
  };
  const asked = async () => {
    const before = line.requests.length;
    await vi.waitFor(async () => {
      await clock.advance(clock.now() + 1_000);
      expect(line.requests.length).toBeGreaterThan(before);
    }, patient);
  };
  try {
    const gateway = await start(onLine(9_600));
    await asked();
    await gateway.reconfigure(site(onLine(19_200)));
    await asked();
  } finally {
    await stop();
    await line.close();
  }
}, 60_000);

test("takes down what a client of a proxy writes, whatever its device", async () => {
  const registers = Array.from({ length: 500 }, (_, at) => [at, 0] as const);
  const open = await modbusPeer({ registers });
  const port = await freePorts(1);
  const proxy = { listen: `127.0.0.1:${port}`, write: true };
  const written = () =>
    peer.received
      .flatMap(({ events }) => events.map((event) => JSON.stringify(event)))
      .filter((text) => text.includes('"written"'));
  try {
    await start([{ ...device("METER-01", open), proxy }]);
    await vi.waitFor(async () => {
      await clock.advance(clock.now() + 1_000);
      expect(peer.received).not.toEqual([]);
    }, patient);
    const client = await proxyTestClient(port);
    started.push(() => client.close());
    expect(await client.ask([6, 1, 144, 0, 9])).toEqual([6, 1, 144, 0, 9]);
    await vi.waitFor(async () => {
      await clock.advance(clock.now() + 1_000);
      expect(written()[0]).toMatch(/"holding.400".*"after":"9".*Modbus client 127.0.0.1, unit 1/);
    }, patient);
  } finally {
    await stop();
    await open.close();
  }
}, 60_000);

test("takes back at its start what it told of devices that were removed meanwhile", async () => {
  for (let register = 0; register < 500; register += 1) meter.input.set(register, 0);
  const told = (tag: string) =>
    peer.told.filter(({ topic, retain }) => retain && topic === topics.device("roof-17", tag));
  const takenBack = (tag: string) => told(tag).filter(({ message }) => message === null).length;
  await start([device("METER-01", meter), device("METER-03", meter, 3)]);
  await clock.advance(clock.now() + 5_000);
  await vi.waitFor(
    () => expect([told("METER-01"), told("METER-03")]).not.toContainEqual([]),
    patient,
  );
  await stop();

  // What is removed stays to be taken back while the broker cannot be reached.
  await peer.closePort();
  await start([device("METER-01", meter)]);
  await clock.advance(clock.now() + 5_000);
  await stop();
  expect(takenBack("METER-03")).toBe(0);

  await peer.openPort();
  await start([device("METER-01", meter)]);
  await vi.waitFor(() => expect(takenBack("METER-03")).toBe(1), patient);
  await clock.advance(clock.now() + 5_000);
  await stop();
  expect(takenBack("METER-01")).toBe(0);

  await start([device("METER-01", meter)]);
  const before = told("METER-01").length;
  await clock.advance(clock.now() + 5_000);
  await vi.waitFor(() => expect(told("METER-01").length).toBeGreaterThan(before), patient);
  expect(takenBack("METER-03")).toBe(1);
}, 60_000);

function device(tag: string, { port }: Pick<RegisterServer, "port">, unit = 1) {
  return { tag, url: `tcp://127.0.0.1:${port}?unit=${unit}`, profile: "eastron-sdm630" };
}

function site(devices: readonly object[], id = "roof-17") {
  return { profiles, config: GatewayConfig.parse({ id, devices }) };
}

async function start(
  devices: readonly object[] = [device("METER-01", meter)],
  metricsPort?: number,
) {
  stopping = new AbortController();
  const scope: Scope = {
    log: pino({ level: process.env.LOG_LEVEL ?? "silent" }),
    signal: stopping.signal,
    onStop: (_name, stop) => void started.push(stop),
  };
  const broker = { url: peer.url, secret: "secret" };
  return startGateway(
    {
      ...site(devices),
      models,
      clock,
      version: "1",
      broker,
      outboxFolder: folder,
      waitForDisk: true,
      metricsPort,
    },
    scope,
  );
}

async function stop() {
  stopping.abort();
  for (const stop of started.reverse()) await stop();
  started = [];
}
