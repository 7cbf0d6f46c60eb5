import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drivenClock, type Scope } from "@sunledger/runtime";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startGateway } from "./app.ts";
import { GatewayConfig } from "./config.ts";
import { type AckingPeer, startAckingPeer } from "./delivery/testing/acking-peer.ts";
import { type RegisterServer, registerServer } from "./modbus/testing/register-server.ts";
import { loadProfiles } from "./profiles/load-profiles.ts";
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
  }, 10_000);
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

async function start() {
  stopping = new AbortController();
  const scope: Scope = {
    log: pino({ level: process.env.LOG_LEVEL ?? "silent" }),
    signal: stopping.signal,
    onStop: (_name, stop) => void started.push(stop),
  };
  const config = GatewayConfig.parse({
    id: "roof-17",
    devices: [
      { tag: "METER-01", url: `tcp://127.0.0.1:${meter.port}?unit=1`, profile: "eastron-sdm630" },
    ],
  });
  const broker = { url: peer.url, secret: "secret" };
  await startGateway(
    {
      config,
      profiles,
      models,
      clock,
      version: "1",
      broker,
      outboxFolder: folder,
      waitForDisk: true,
    },
    scope,
  );
}

async function stop() {
  stopping.abort();
  for (const stop of started.reverse()) await stop();
  started = [];
}
