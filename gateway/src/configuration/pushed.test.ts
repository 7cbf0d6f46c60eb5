import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GatewayStatus, topics } from "@sunledger/model";
import { drivenClock, type Scope } from "@sunledger/runtime";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Gateway, startGateway } from "../app.ts";
import { GatewayConfig } from "../config.ts";
import { type AckingPeer, startAckingPeer } from "../delivery/testing/acking-peer.ts";
import { type RegisterServer, registerServer } from "../modbus/testing/register-server.ts";
import { loadProfiles } from "../profiles/load-profiles.ts";
import { loadSunspecModels, sunspecPointNames } from "../sunspec/models.ts";

const models = loadSunspecModels();
const profiles = loadProfiles({ sunspec: sunspecPointNames(models) });
const trialMs = 120_000;
const by = { id: "u1", name: "Li Wei" };
const id = "roof-17";

let clock: ReturnType<typeof drivenClock>;
let folder: string;
let peer: AckingPeer;
let meter: RegisterServer;
let stopping: AbortController;
let started: (() => unknown)[];
let gateway: Gateway;

beforeEach(async () => {
  clock = drivenClock(Date.UTC(2026, 5, 1));
  folder = mkdtempSync(join(tmpdir(), "sunledger-pushed-"));
  peer = await startAckingPeer();
  meter = await registerServer();
  for (let register = 0; register < 500; register += 1) meter.input.set(register, 0);
});

afterEach(async () => {
  await stop();
  await meter.close();
  await peer.close();
  rmSync(folder, { recursive: true });
});

test("what is pushed is polled, proves itself, and is what the next start runs with", async () => {
  await start();
  push(3, { devices: [device("METER-01"), device("METER-02", 2)] });
  await said({ source: "platform", version: 3, pushed: { version: 3, state: "trial" } });
  await pass(16_000);
  await said({ source: "platform", version: 3, pushed: { version: 3, state: "applied" } });
  await polls("METER-02");

  await stop();
  await start();
  await said({ source: "platform", version: 3, pushed: { version: 3, state: "applied" } });
  await polls("METER-02");
}, 40_000);

test("a version is proved no sooner than the setting says", async () => {
  await start({ provenMs: 40_000 });
  push(3, { devices: [device("METER-02", 2)] });
  await said({ version: 3, pushed: { state: "trial" } });
  await pass(30_000);
  await said({ version: 3, pushed: { state: "trial" } });
  await pass(11_000);
  await said({ version: 3, pushed: { state: "applied" } });
}, 40_000);

test("a gateway that polls nothing yet is given its first device", async () => {
  const onboarding = { networks: ["127.0.0.1"] };
  await start({ more: { devices: [], onboarding } });
  expect(status()).toMatchObject({ devices: {}, allows: { onboarding: ["127.0.0.1"] } });
  push(1, { devices: [device("METER-01")] });
  await said({ source: "platform", version: 1 });
  await polls("METER-01");
}, 40_000);

test("what is wrong with it is said by the document's own places, all of it", async () => {
  await start();
  push(4, {
    ...{ id: "other", commands: { allow: [] }, onboarding: true, polls: {} },
    poll: { fastMs: 150 },
    devices: [device("METER-01"), { ...device("METER-01"), proxy: { listen: "0.0.0.0:1502" } }],
  });

  const { pushed } = await said({ source: "file", pushed: { version: 4, state: "refused" } });
  const reasons = pushed?.reasons?.join("\n");
  expect(reasons).toMatch(/^id: belongs to the gateway's own file/m);
  expect(reasons).toMatch(/^commands: belongs to the gateway's own file/m);
  expect(reasons).toMatch(/^onboarding: belongs to the gateway's own file/m);
  expect(reasons).toMatch(/^polls: there is no such key/m);
  expect(reasons).toMatch(/^poll.fastMs: /m);
  expect(reasons).toMatch(/^devices\[1\].tag: METER-01 is named twice/m);
  expect(reasons).toMatch(/^devices\[1\].proxy: belongs to the gateway's own file/m);
  await polls("METER-01");
}, 40_000);

test("an older version, or the same again, changes nothing", async () => {
  await start();
  push(4, { devices: [device("METER-02", 2)] });
  await said({ version: 4 });
  push(3, { devices: [device("METER-03", 3)] });
  push(4, { devices: [device("METER-04", 4)] });
  await pass(30_000);
  await said({ version: 4, pushed: { version: 4 } });
  expect(Object.keys(status()?.devices ?? {})).toEqual(["METER-02"]);
}, 40_000);

test("rolls back when the broker cannot be reached with it, and says so", async () => {
  await start();
  push(5, { devices: [device("METER-02", 2)] });
  await said({ version: 5, pushed: { state: "trial" } });
  await peer.closePort();
  await pass(trialMs + 1_000);
  await peer.openPort();

  const state = await said({ source: "file", pushed: { version: 5, state: "rolledBack" } });
  expect(state.pushed?.reasons?.[0]).toMatch(/broker was not reached with it within 2 minutes/);
  await polls("METER-01");
  // The broker retains it, and says it again at each connect.
  peer.cut();
  await pass(20_000);
  await said({ source: "file", pushed: { version: 5, state: "rolledBack" } });
}, 60_000);

test("a gateway that dies with it again and again comes back without it", async () => {
  await start();
  push(6, { devices: [device("METER-02", 2)] });
  await said({ version: 6, pushed: { state: "trial" } });
  await peer.closePort();
  for (let times = 0; times < 4; times += 1) {
    await stop();
    await start({ isReachable: false });
  }
  await peer.openPort();
  const state = await said({ source: "file", pushed: { version: 6, state: "rolledBack" } });
  expect(state.pushed?.reasons?.[0]).toMatch(/started 3 times with it/);
}, 60_000);

test("a hand at the file does not stand above it, but is told; other keys count at once", async () => {
  await start();
  push(7, { devices: [device("METER-02", 2)] });
  await said({ version: 7 });
  await gateway.reconfigure({
    profiles,
    config: config({ poll: { fastMs: 2_000 }, onboarding: true }),
  });
  expect(await said({ version: 7, drift: ["poll"] })).toBeDefined();
  expect(status()?.allows?.onboarding).toEqual(["127.0.0.0/24"]);

  push(8, null);
  await said({ source: "file", pushed: { version: 8, state: "applied" } });
  expect(status()?.configuration?.drift).toBeUndefined();
  await polls("METER-01");
}, 40_000);

test("a file, or profiles, that the running version does not go with are refused", async () => {
  await start();
  push(9, { devices: [{ ...device("METER-02", 2), profile: "eastron-sdm120" }] });
  await said({ version: 9 });
  const fewer = new Map([...profiles].filter(([id]) => id !== "eastron-sdm120"));
  await expect(gateway.reconfigure({ profiles: fewer, config: config() })).rejects.toThrow(
    /pushed devices\[0\].profile: there is no profile eastron-sdm120/,
  );
  await said({ source: "platform", version: 9 });

  await stop();
  await start({ with: fewer });
  const state = await said({ source: "file", pushed: { version: 9, state: "refused" } });
  expect(state.pushed?.reasons?.[0]).toMatch(/no profile eastron-sdm120/);
  await polls("METER-01");
}, 40_000);

test("what the platform asks to know is the document that runs", async () => {
  await start();
  const { session } = status() ?? {};
  const now = clock.now();
  const command = { v: 1, id: crypto.randomUUID(), session, orderedBy: by };
  const what = { kind: "tell-configuration" };
  peer.command(id, { ...command, at: now, expiresAt: now + 30_000, what });
  const result = () => peer.told.find(({ topic }) => topic === topics.result(id))?.message;
  const configuration = { devices: [{ tag: "METER-01" }], poll: { normalMs: 1_000 } };
  await vi.waitFor(() => expect(result()).toMatchObject({ state: "done", configuration }), patient);
}, 40_000);

const patient = { timeout: 30_000, interval: 20 };

function device(tag: string, unit = 1) {
  return { tag, url: `${meter.url.replace(/\?.*/, "")}?unit=${unit}`, profile: "eastron-sdm630" };
}

function config(more: object = {}): GatewayConfig {
  const poll = { fastMs: 1_000, normalMs: 1_000, slowMs: 5_000 };
  return GatewayConfig.parse({ id, poll, devices: [device("METER-01")], ...more });
}

function push(version: number, document: object | null): void {
  peer.configure(id, { v: 1, version, at: clock.now(), by, document });
}

function status(): GatewayStatus | undefined {
  const said = peer.told.filter(({ topic }) => topic === topics.status(id)).at(-1);
  return said && GatewayStatus.parse(said.message);
}

/** What the status says of the configuration, once it is this. */
async function said(wanted: object) {
  return vi.waitFor(() => {
    const { configuration } = status() ?? {};
    expect(configuration).toMatchObject(wanted);
    return configuration as NonNullable<typeof configuration>;
  }, patient);
}

async function polls(tag: string): Promise<void> {
  const before = peer.received.length;
  await vi.waitFor(async () => {
    await clock.advance(clock.now() + 1_000);
    const frames = peer.received.slice(before).flatMap((message) => message.frames);
    expect(frames.some((frame) => frame.device === tag)).toBe(true);
  }, patient);
}

/** Time passes, with a breath for what goes over the network. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 5_000) {
    await clock.advance(clock.now() + Math.min(left, 5_000));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function start({
  isReachable = true,
  more = {},
  with: known = profiles,
  provenMs,
}: {
  isReachable?: boolean;
  more?: object;
  with?: typeof profiles;
  provenMs?: number;
} = {}): Promise<void> {
  stopping = new AbortController();
  started = [];
  const scope = {
    log: pino({ level: "silent" }),
    signal: stopping.signal,
    onStop: (_name: string, stop: () => unknown) => void started.push(stop),
  } as unknown as Scope;
  gateway = await startGateway(
    {
      ...{
        config: config(more),
        profiles: known,
        models,
        clock,
        version: "0",
        outboxFolder: folder,
      },
      ...{ broker: { url: peer.url, secret: "s" }, waitForDisk: true },
      configurationTrialMs: trialMs,
      ...(provenMs !== undefined && { configurationProvenMs: provenMs }),
    },
    scope,
  );
  if (!isReachable) return;
  const before = peer.told.length;
  const isTold = () => peer.told.slice(before).some(({ topic }) => topic === topics.status(id));
  await vi.waitFor(() => expect(isTold() || status()?.session !== undefined).toBe(true), patient);
}

async function stop(): Promise<void> {
  stopping.abort();
  for (const one of started.splice(0).reverse()) await one();
}
