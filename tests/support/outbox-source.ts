import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@sunledger/runtime";
import { postgresFrameStore } from "@sunledger/store";
import { pino } from "pino";
import { startDelivery } from "../../gateway/src/delivery/start-delivery.ts";
import { type Outbox, openOutbox } from "../../gateway/src/outbox/outbox.ts";
import type { Pipe } from "./pipe.ts";
import { until } from "./until.ts";

const noon = Date.UTC(2026, 5, 1, 4);
const hourMs = 3_600_000;
const log = pino({ level: process.env.LOG_LEVEL ?? "silent" });
const points = ["ac.frequency", "ac.power.active"];
const tags = ["INV-001", "INV-002"];

/** A value of a device, as it is produced and as it is stored. */
export type SourceValue = readonly [device: string, point: string, at: number, value: unknown];

/** A gateway's outbox and delivery in this process: devices without registers, every value another. */
export type OutboxSource = {
  /** So many polls of each device. */
  produce(count: number): Promise<void>;
  /** How many frames are not acknowledged. */
  waiting(): number;
  /** All that was produced, by device, point and time. */
  values(): readonly SourceValue[];
  /** All that PostgreSQL has of the gateway's hour, in every row it has, in the same order. */
  stored(): Promise<readonly SourceValue[]>;
  /** Resolves when nothing waits any more. */
  delivered(): Promise<void>;
  close(): Promise<void>;
};

/** Opens the source of a gateway of the pipe; each gateway's devices have an hour of their own. */
export async function openOutboxSource(
  pipe: Pipe,
  gateway: string,
  mqttUrl = pipe.mqttUrl,
): Promise<OutboxSource> {
  const folder = await mkdtemp(join(tmpdir(), "sunledger-outbox-"));
  const clock = { ...systemClock(), now: () => noon };
  const outbox = await openOutbox({ folder, clock, log });
  const stopping = new AbortController();
  const secret = pipe.gateways.get(gateway) ?? "";
  const delivery = startDelivery(
    {
      gateway,
      version: "1",
      broker: { url: mqttUrl, secret },
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
  const first = noon - Number(gateway.split("-")[1]) * hourMs;

  return {
    async produce(count) {
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
    values: () =>
      tags.flatMap((device) =>
        points.flatMap((point, place) =>
          Array.from({ length: produced }, (_, i): SourceValue => {
            return [device, point, first + i + 1, valuesOf(device, i + 1)[place]];
          }),
        ),
      ),
    stored: () => storedValues(pipe, first),
    async delivered() {
      const isEmpty = () => waitingIn(outbox) === 0;
      await until("everything to be acknowledged", isEmpty, { timeoutMs: 90_000 });
    },
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

/** What a device shows at its n-th poll: no two polls or devices show the same power. */
function valuesOf(device: string, n: number): number[] {
  return [50, 2 * n + tags.indexOf(device) / 4];
}

async function storedValues(pipe: Pipe, from: number): Promise<SourceValue[]> {
  const store = postgresFrameStore(pipe.database.database);
  const found: SourceValue[] = [];
  for (const tag of tags) {
    for await (const { point, at, value } of store.read({
      organisation: pipe.organisation,
      devices: [pipe.devices.get(tag) ?? ""],
      points,
      from,
      to: from + hourMs,
    })) {
      found.push([tag, point, at, value]);
    }
  }
  return found;
}
