import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@sunledger/runtime";
import { postgresFrameStore } from "@sunledger/store";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDelivery } from "../../gateway/src/delivery/start-delivery.ts";
import { type Outbox, openOutbox } from "../../gateway/src/outbox/outbox.ts";
import { openPipe, type Pipe, type Program } from "../support/pipe.ts";
import { thorough } from "../support/thoroughness.ts";
import { until } from "../support/until.ts";

const noon = Date.UTC(2026, 5, 1, 4);
const log = pino({ level: process.env.LOG_LEVEL ?? "silent" });
const points = ["ac.frequency", "ac.power.active"];
const tags = ["INV-001", "INV-002"];

let pipe: Pipe;
let broker: Program;

beforeAll(async () => {
  pipe = await openPipe("ingest kills", { gateways: 4, devices: 3 });
  broker = await pipe.startBroker();
});

afterAll(() => pipe?.close());

describe("every value of a gateway reaches PostgreSQL, once, and no other does", () => {
  test.each([
    ["roof-1", "ingest.beforeCommit:3"],
    ["roof-2", "ingest.afterCommit:3"],
    ["roof-3", "ingest.afterAck:3"],
  ])("%s: ingest kills itself at %s", async (gateway, failpoint) => {
    const source = await openSource(gateway);
    const doomed = await pipe.startIngest({ SUNLEDGER_FAILPOINT: failpoint });
    while (!isGone(doomed)) {
      await source.produce(10);
      await until("acks or the end", () => source.waiting() < 50 || isGone(doomed), { everyMs: 5 });
    }
    expect(doomed.process.signalCode).toBe("SIGKILL");
    await source.produce(100);

    const ingest = await pipe.startIngest();
    await source.delivered();
    expect(await storedValues(gateway)).toEqual(source.values());
    expect(await ingest.stop()).toBe(0);
    await source.close();
  });

  test("the broker and ingest are killed in turn while frames flow", async () => {
    const source = await openSource("roof-4");
    let ingest = await pipe.startIngest();
    for (let round = 0; round < thorough(6, 1); round += 1) {
      await source.produce(300);
      await ingest.kill();
      await source.produce(300);
      ingest = await pipe.startIngest();
      await source.produce(300);
      await broker.kill();
      await source.produce(300);
      broker = await pipe.startBroker();
    }

    await source.delivered();
    expect(await storedValues("roof-4")).toEqual(source.values());
    const { quarantined, conflicts, gaps } = await aside("roof-4");
    expect([quarantined, conflicts, gaps]).toEqual([[], [], []]);
    await ingest.stop();
    await source.close();
  });
});

function isGone({ process: { signalCode, exitCode } }: Program): boolean {
  return signalCode !== null || exitCode !== null;
}

/** A gateway's outbox and delivery in this process; each test has a device time of its own. */
async function openSource(gateway: string) {
  const folder = await mkdtemp(join(tmpdir(), "sunledger-outbox-"));
  const clock = { ...systemClock(), now: () => noon };
  const outbox = await openOutbox({ folder, clock, log });
  const stopping = new AbortController();
  const secret = pipe.gateways.get(gateway) ?? "";
  const delivery = startDelivery(
    {
      gateway,
      version: "1",
      broker: { url: pipe.mqttUrl, secret },
      outbox,
      clock,
      log,
      linger: { idleMs: 5, watchedMs: 5 },
      limits: { rowsAMessage: 20 },
      reconnectMs: 100,
    },
    stopping.signal,
  );
  let produced = 0;
  const first = firstOf(gateway);

  return {
    /** So many polls of each device. */
    async produce(count: number) {
      const kept = Array.from({ length: count }, () => {
        produced += 1;
        const at = first + produced;
        return tags.map((device) =>
          outbox.keep({ device, lane: "values", at, points, values: valuesOf(device, produced) }),
        );
      });
      await Promise.all(kept.flat());
    },
    waiting: () => waitingIn(outbox),
    /** All that was produced, as `storedValues` answers it. */
    values: () =>
      tags.flatMap((device) =>
        points.flatMap((point, place) =>
          Array.from({ length: produced }, (_, i): Value => {
            return [device, point, first + i + 1, valuesOf(device, i + 1)[place]];
          }),
        ),
      ),
    delivered: () =>
      until("everything to be acknowledged", () => waitingIn(outbox) === 0, { timeoutMs: 90_000 }),
    async close() {
      stopping.abort();
      await delivery.ended;
      await outbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function waitingIn(outbox: Outbox): number {
  const { last, settled } = outbox.state().lanes.values;
  return last - settled.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

type Value = readonly [device: string, point: string, at: number, value: unknown];

/** What a device shows at its n-th poll: no two polls or devices show the same power. */
function valuesOf(device: string, n: number): number[] {
  return [50, 2 * n + tags.indexOf(device) / 4];
}

function firstOf(gateway: string): number {
  return noon - Number(gateway.slice(-1)) * 3_600_000;
}

/** Every stored value of the gateway's hour, in every row it has: by device, point and time. */
async function storedValues(gateway: string): Promise<Value[]> {
  const from = firstOf(gateway);
  const store = postgresFrameStore(pipe.database.database);
  const found: Value[] = [];
  for (const tag of tags) {
    for await (const { point, at, value } of store.read({
      organisation: pipe.organisation,
      devices: [pipe.devices.get(tag) ?? ""],
      points,
      from,
      to: from + 3_600_000,
    })) {
      found.push([tag, point, at, value]);
    }
  }
  return found;
}

function aside(gateway: string) {
  return postgresFrameStore(pipe.database.database).aside(pipe.organisation, gateway);
}
