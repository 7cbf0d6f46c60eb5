import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Frame, type GatewayStatus, type Lane, topics } from "@sunledger/model";
import { drivenClock } from "@sunledger/runtime";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AckingPeer,
  startAckingPeer,
} from "../../gateway/src/delivery/testing/acking-peer.ts";
import { randomFrom } from "../../gateway/src/modbus/testing/random-modbus.ts";
import { lanes } from "../../gateway/src/outbox/lane-state.ts";
import { openOutbox } from "../../gateway/src/outbox/outbox.ts";
import { goodPdu } from "../support/modbus-peer/answer-bytes.ts";
import { says } from "../support/modbus-peer/misbehaviour.ts";
import { type ModbusPeer, modbusPeer } from "../support/modbus-peer/modbus-peer.ts";
import type { CommitWord } from "../support/tells-commits.ts";
import { seed, thorough } from "../support/thoroughness.ts";
import { until } from "../support/until.ts";

const lives = thorough(200, 3);
const units = 8;
/**
 * So many answers of a unit may be on their way to a commit: one that has just come, and one that waits the few
 * milliseconds in which frames gather. Each commit takes all that waits, so the machine's speed has no part in it.
 */
const mostOnTheWay = 2;
const patient = { timeoutMs: 60_000, everyMs: 20 };
const log = pino({ level: "silent" });
const main = fileURLToPath(new URL("../../gateway/src/main.ts", import.meta.url));
const teller = new URL("../support/tells-commits.ts", import.meta.url).href;
const random = randomFrom(seed);

/** Each answer of a unit bears a number of its own, one more than the one before. */
const served = new Map<string, number>();
/** What each number of a lane held, by what was sent and by what was found on disk. */
const known = { counters: new Map<number, string>(), values: new Map<number, string>() };
/** The numbers that are kept of each unit, by lane. */
const kept = { counters: new Map<string, Set<number>>(), values: new Map<string, Set<number>>() };

let folder: string;
let device: ModbusPeer;
let broker: AckingPeer;
let gateway: ChildProcess | undefined;
/** The last word of this life, and what it said to be on disk. */
let lastWord: CommitWord["commit"] | undefined;
let confirmed: CommitWord["frames"][number][] = [];
/** How many messages the broker had got when stock was taken last. */
let seen = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sunledger-gateway-kills-"));
  device = await modbusPeer({ usual: says(({ unit, code }) => goodPdu(next(unit), code)) });
  broker = await startAckingPeer();
  writeSite();
});

afterAll(async () => {
  gateway?.kill("SIGKILL");
  await broker?.close();
  await device?.close();
  rmSync(folder, { recursive: true });
});

describe("a gateway that is killed again and again while it polls, keeps and sends", () => {
  test("takes up its outbox each time, and no frame but the last is missing (D-1)", {
    timeout: thorough(1_500_000, 180_000),
  }, async ({ annotate }) => {
    const epochs = new Set<string>();
    const starts: ReadonlyMap<string, number>[] = [];
    // Some messages and some acks are lost, so that there is always something to send again.
    broker.lose = () => random(8) === 0;
    broker.acks = () => random(3) > 0;
    let confirmations = 0;
    for (let life = 1; life <= lives; life += 1) {
      const start = new Map(served);
      starts.push(start);
      await liveUntilKilled(life);
      const when = `after kill ${life} of seed ${seed}`;
      epochs.add(await takeStock(when));
      await until(`its last will ${when}`, () => lastStatus()?.state !== "online", patient);
      if (lastStatus()) expect(lastStatus(), when).toEqual({ state: "offline", retain: true });
      expect(unkept(confirmed), when).toEqual([]);
      // While a commit is under way, what comes waits for its end, however long the disk takes.
      if (lastWord !== "begun") expect(mostMissing(start), when).toBeLessThanOrEqual(mostOnTheWay);
      confirmations += confirmed.length;
    }
    starts.push(new Map(served));
    expect(confirmations).toBeGreaterThan(lives);

    broker.lose = () => false;
    broker.acks = () => true;
    await liveUntilDelivered([...epochs].join());
    epochs.add(await takeStock("in the end"));

    expect(epochs.size).toBe(1);
    for (const lane of lanes) {
      const numbers = [...known[lane].keys()].sort((a, b) => a - b);
      expect(numbers, lane).toEqual(numbers.map((_, i) => i + 1));
      expect(holes(lane, starts), lane).toEqual([]);
      expect(numbers.length).toBeGreaterThan(0);
    }
    const frames = lanes.map((lane) => `${known[lane].size} ${lane}`).join(" and ");
    await annotate(`${lives} lives, seed ${seed}: ${frames}, ${confirmations} told before a kill`);
  });
});

/** The words of the next answer of a unit. */
function next(unit: number): number[] {
  const tag = tagOf(unit);
  const number = (served.get(tag) ?? 0) + 1;
  served.set(tag, number);
  const words = [number >>> 16, number & 0xffff];
  return [...words, ...words];
}

function tagOf(unit: number): string {
  return `M-${unit}`;
}

/** Runs the program until it is killed: mostly while it works, each fourth time while it begins. */
async function liveUntilKilled(life: number): Promise<void> {
  const child = started();
  const ended = endOf(child);
  if (life % 4 === 2) {
    await wait(random(500));
  } else {
    const before = new Map(served);
    await Promise.race([
      until("polls", () => served.get("M-1") !== before.get("M-1"), patient),
      ended,
    ]);
    // Else a slow machine might never let one come so far.
    if (life === 1) await until("it to be online", () => lastStatus()?.state === "online", patient);
    await wait(random(600));
  }
  expect(child.exitCode, "it ended by itself").toBeNull();
  child.kill("SIGKILL");
  await ended;
}

async function liveUntilDelivered(epoch: string): Promise<void> {
  const child = started();
  const ended = endOf(child);
  const owed = new Map(lanes.map((lane) => [lane, Math.max(0, ...known[lane].keys())]));
  await until(
    "everything to be delivered",
    () => {
      return lanes.every((lane) => {
        const [first] = broker.settled(epoch, lane);
        return first !== undefined && first[0] === 1 && first[1] > (owed.get(lane) ?? 0);
      });
    },
    patient,
  );
  child.kill("SIGTERM");
  await ended;
}

function started(): ChildProcess {
  lastWord = undefined;
  confirmed = [];
  const child = fork(main, [], {
    stdio: "ignore",
    execArgv: ["--import", teller],
    env: {
      ...{ PATH: process.env.PATH ?? "", NODE_ENV: "production" },
      SUNLEDGER_GATEWAY_CONFIG: join(folder, "site.yaml"),
      SUNLEDGER_MQTT_URL: broker.url,
      SUNLEDGER_GATEWAY_SECRET: "secret",
      SUNLEDGER_OUTBOX_DIR: join(folder, "outbox"),
      SUNLEDGER_PROFILE_DIR: folder,
      // Two hundred starts of the same program.
      NODE_COMPILE_CACHE: join(folder, "compiled"),
    },
  });
  child.on("message", ({ commit, frames }: CommitWord) => {
    lastWord = commit;
    if (commit === "done") confirmed.push(...frames);
  });
  gateway = child;
  return child;
}

/** What the broker last heard of the gateway's state; nothing where it never came so far. */
function lastStatus() {
  const said = broker.told.findLast(({ topic }) => topic === topics.status("roof-17"));
  if (!said) return;
  const { state } = said.message as GatewayStatus;
  return { state, retain: said.retain };
}

/** When it has ended and all that it said was heard. */
function endOf(child: ChildProcess): Promise<unknown> {
  return Promise.all([once(child, "exit"), once(child, "disconnect")]);
}

/** What was said to be on disk and is not. */
function unkept(frames: CommitWord["frames"]) {
  return frames.filter(([lane, tag, number]) => !kept[lane as Lane].get(tag)?.has(Number(number)));
}

/** How many answers at the end of a life are not kept, at the worst unit. */
function mostMissing(start: ReadonlyMap<string, number>): number {
  const missing = lanes.flatMap((lane) =>
    [...served].map(([tag, last]) => {
      const newest = Math.max(0, ...(kept[lane].get(tag) ?? []));
      return last - Math.max(newest, start.get(tag) ?? 0);
    }),
  );
  return Math.max(0, ...missing);
}

/**
 * Opens the outbox as the next life will, and takes note of what is in it and what was sent. Under one
 * number there is one frame for ever, and nothing was sent that was not on disk; the epoch.
 */
async function takeStock(when: string): Promise<string> {
  const sent = broker.received.slice(seen);
  seen = broker.received.length;
  const outbox = await openOutbox({ folder: join(folder, "outbox"), clock: drivenClock(0), log });
  const { epoch, lanes: states } = outbox.state();
  for (const lane of lanes) {
    const { last, gaps } = states[lane];
    expect(gaps, when).toEqual([]);
    const onDisk = await outbox.read(lane, [[1, last]]);
    const frames = sent.filter((message) => message.lane === lane).flatMap((one) => one.frames);
    for (const frame of [...onDisk.map((one) => one.frame), ...frames]) note(lane, frame, when);
    expect(Math.max(0, ...known[lane].keys()), `${lane} ${when}`).toBe(last);
  }
  await outbox.close();
  for (const message of sent) expect(message.epoch, when).toBe(epoch);
  return epoch;
}

function note(
  lane: Lane,
  { sequence, device, at, values }: Omit<Frame, "lane">,
  when: string,
): void {
  const content = JSON.stringify([device, at, values]);
  const before = known[lane].get(sequence) ?? content;
  expect(content, `${lane} ${sequence} ${when}`).toBe(before);
  known[lane].set(sequence, content);
  const numbers = kept[lane].get(device) ?? new Set();
  kept[lane].set(device, numbers.add(Number(values[0])));
}

/** Answers that are not kept though a later one of the same life is. */
function holes(lane: Lane, starts: readonly ReadonlyMap<string, number>[]): string[] {
  const found: string[] = [];
  for (const [tag, numbers] of kept[lane]) {
    for (const [life, start] of starts.entries()) {
      const from = start.get(tag) ?? 0;
      const to = (starts[life + 1] ?? served).get(tag) ?? 0;
      const last = Math.max(
        from,
        ...[...numbers].filter((number) => number > from && number <= to),
      );
      for (let number = from + 1; number < last; number += 1) {
        if (!numbers.has(number)) found.push(`${number} of ${tag} in life ${life + 1}`);
      }
    }
  }
  return found;
}

function writeSite(): void {
  const point = { kind: "holding", type: "uint32", poll: "fast", src: ["test"] };
  const profile = {
    ...{ format: 1, id: "counting-meter", vendor: "Test", family: "Counts its answers" },
    ...{ kind: "meter", protocol: "modbus", models: ["*"] },
    verification: { level: "unverified", note: "for tests" },
    sources: [{ id: "test", kind: "manual", title: "Test" }],
    transport: { tcp: { port: 502 }, unit: { default: 1 } },
    limits: { maxRegistersPerRead: 20, responseTimeoutMs: 60_000 },
    points: [
      { ...point, name: "ac.energy.import.total", address: 0, unit: "Wh" },
      { ...point, name: "ac.power.active", address: 2, unit: "W" },
    ],
  };
  writeFileSync(join(folder, "counting-meter.json"), JSON.stringify(profile));
  const devices = Array.from({ length: units }, (_, i) => ({
    tag: tagOf(i + 1),
    url: `tcp://127.0.0.1:${device.port}?unit=${i + 1}`,
    profile: "counting-meter",
  }));
  const site = {
    ...{ id: "roof-17", clock: "synced", devices },
    ...{ poll: { fastMs: 100 }, linger: { idleMs: 50, watchedMs: 50 } },
  };
  // JSON is YAML.
  writeFileSync(join(folder, "site.yaml"), JSON.stringify(site));
}
