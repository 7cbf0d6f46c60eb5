import { randomUUIDv7 } from "node:crypto";
import {
  type Ack,
  type ClockState,
  type FramesMessage,
  type Lane,
  type Layout,
  layoutHash,
  messageOf,
  settledBy,
} from "@sunledger/model";
import type { Mapped, MappedLane } from "@sunledger/model/inputs";
import type { Clock, Scope } from "@sunledger/runtime";
import type { Arrived } from "../accept/accept.ts";
import type { Layouts } from "../accept/layouts.ts";

/** What somebody who is no gateway has sent: values, or why they cannot be used. */
export type Input =
  | { readonly ok: true; readonly mapped: Mapped }
  | { readonly ok: false; readonly reason: string; readonly payload: unknown };

/**
 * Makes frames of what comes from those who are no gateways of ours, in the name of one, and hands them to
 * the intake as if a gateway had sent them: one way for all values. It keeps them until they are settled, and
 * hands them over again where they were not; who sent them is answered only then.
 */
export type InputDesk = {
  /** Resolves once all of them are stored or in quarantine; `undefined` where there is no room for them now (D-8). */
  take(gateway: string, inputs: readonly Input[]): Promise<void> | undefined;
  /** Likewise of one that waits for room if need be, in the order of the calls: who calls bounds how many wait. */
  takeLater(gateway: string, input: Input): Promise<void>;
  /** What has been settled of a gateway. */
  hear(gateway: string, ack: Ack): void;
};

export type InputDeskParts = {
  readonly offer: (message: Arrived) => void;
  readonly layouts: Pick<Layouts, "announce">;
  /** The time of what does not tell its own. */
  readonly now: () => number;
  readonly pace: Clock;
};

/** Rows of one gateway: what waits for one that is not registered keeps nobody else out. */
const mostWaiting = 10_000;
/** What finds room where nothing waits: each is a row of either lane. */
export const mostInputsAtOnce = mostWaiting / 2;
const rowsAMessage = 500;
/** A commit takes a fraction of it. */
const repeatAfterMs = 3_000;

type Waiting = {
  readonly lane: Lane;
  readonly from: number;
  readonly to: number;
  readonly message: Arrived;
  readonly used: ReadonlyMap<string, Layout>;
  offeredAt: number;
  readonly done: () => void;
};

type Rows = { readonly rows: readonly LaneRow[]; readonly unusable: readonly Unusable[] };
type Unusable = Input & { readonly ok: false };
type Late = { readonly arrived: Rows; readonly enter: () => void };

export function inputDesk(
  parts: InputDeskParts,
  { log, signal }: Pick<Scope, "log" | "signal">,
): InputDesk {
  const { offer, layouts, now, pace } = parts;
  /** Its numbers are this process's own: what comes again to another one is known by device and time (D-5). */
  const epoch = randomUUIDv7();
  const hashes = new Map<string, string>();
  const lastNumbers = new Map<string, number>();
  const waiting = new Map<string, Set<Waiting>>();
  const sizes = new Map<string, number>();
  const queues = new Map<string, Late[]>();
  const grow = (gateway: string, by: number) => sizes.set(gateway, (sizes.get(gateway) ?? 0) + by);

  const hashOf = async (layout: Layout) => {
    const name = `${layout.lane}/${layout.points.join(" ")}`;
    const hash = hashes.get(name) ?? (await layoutHash(layout));
    if (hashes.size > 10_000) hashes.clear();
    hashes.set(name, hash);
    return hash;
  };

  const numbers = (gateway: string, lane: Lane, count: number) => {
    const last = lastNumbers.get(`${gateway}/${lane}`) ?? 0;
    lastNumbers.set(`${gateway}/${lane}`, last + count);
    return { from: last + 1, to: last + count };
  };

  const hand = async (gateway: string, one: Waiting) => {
    one.offeredAt = pace.now();
    for (const [hash, layout] of one.used) await layouts.announce(gateway, hash, layout);
    offer(one.message);
  };

  const keep = (gateway: string, more: Omit<Waiting, "offeredAt" | "done">): Promise<void> => {
    return new Promise((resolve) => {
      const own = waiting.get(gateway) ?? new Set();
      const count = more.to - more.from + 1;
      const one: Waiting = {
        ...more,
        offeredAt: pace.now(),
        done: () => {
          own.delete(one);
          grow(gateway, -count);
          if (own.size === 0) waiting.delete(gateway);
          resolve();
        },
      };
      waiting.set(gateway, own.add(one));
      void hand(gateway, one);
    });
  };

  const keepRows = async (gateway: string, lane: Lane, rows: readonly LaneRow[]) => {
    const used = new Map<string, Layout>();
    const layoutOf: string[] = [];
    for (const { points } of rows) {
      const layout = { lane, points: [...points] };
      const hash = await hashOf(layout);
      used.set(hash, layout);
      layoutOf.push(hash);
    }
    const { from, to } = numbers(gateway, lane, rows.length);
    const frames = rows.map(({ device, at, clock, values }, i) => {
      const layout = layoutOf[i] as string;
      return { device, sequence: from + i, layout, at, clock, values };
    });
    const message: FramesMessage = messageOf({ gateway, epoch, lane }, frames);
    const payload = Buffer.from(JSON.stringify(message));
    await keep(gateway, { lane, from, to, used, message: { gateway, payload } });
  };

  const keepUnusable = async (gateway: string, { reason, payload }: Unusable) => {
    const { from, to } = numbers(gateway, "values", 1);
    const refusal = { epoch, sequence: from, reason, payload };
    const message = { gateway, payload: Buffer.from(JSON.stringify(payload)), refusal };
    await keep(gateway, { lane: "values", from, to, used: new Map(), message });
  };

  const repeat = async () => {
    for (const [gateway, own] of waiting) {
      const late = [...own].filter(({ offeredAt }) => pace.now() - offeredAt >= repeatAfterMs);
      if (late.length === 0) continue;
      log.warn({ gateway, messages: late.length }, "inputs are not committed: is it registered?");
      for (const one of late) await hand(gateway, one);
    }
  };
  pace.every(repeatAfterMs / 3, repeat, signal);

  const isRoomFor = (gateway: string, arrived: Rows) =>
    (sizes.get(gateway) ?? 0) + sizeOf(arrived) <= mostWaiting;

  const enter = async (gateway: string, arrived: Rows) => {
    grow(gateway, sizeOf(arrived));
    const lanes = Map.groupBy(arrived.rows, ({ lane }) => lane);
    const portions = [...lanes].flatMap(([lane, own]) =>
      portionsOf(own).map((portion) => keepRows(gateway, lane, portion)),
    );
    const refused = arrived.unusable.map((one) => keepUnusable(gateway, one));
    await Promise.all([...portions, ...refused]);
  };

  const enterLate = (gateway: string) => {
    const queue = queues.get(gateway) ?? [];
    for (let next = queue[0]; next && isRoomFor(gateway, next.arrived); next = queue[0]) {
      queue.shift();
      next.enter();
    }
    if (queue.length === 0) queues.delete(gateway);
  };

  return {
    take(gateway, inputs) {
      const arrived = rowsOf(inputs, now());
      if (queues.has(gateway) || !isRoomFor(gateway, arrived)) return undefined;
      return enter(gateway, arrived);
    },

    takeLater(gateway, input) {
      const arrived = rowsOf([input], now());
      return new Promise((resolve) => {
        const late = { arrived, enter: () => resolve(enter(gateway, arrived)) };
        const queue = queues.get(gateway) ?? [];
        queue.push(late);
        queues.set(gateway, queue);
        enterLate(gateway);
      });
    },

    hear(gateway, ack) {
      if (ack.epoch !== epoch) return;
      for (const one of [...(waiting.get(gateway) ?? [])]) {
        const told = ack.lanes[one.lane];
        const settled = told ? settledBy(told) : [];
        // Rows may be left for later one by one: what lies between counts as much as its ends.
        if (settled.some(([from, to]) => from <= one.from && one.to <= to)) one.done();
      }
      enterLate(gateway);
    },
  };
}

type LaneRow = MappedLane & {
  readonly device: string;
  readonly at: number;
  readonly clock: ClockState;
  readonly lane: Lane;
};

function rowsOf(inputs: readonly Input[], arrival: number): Rows {
  const rows = inputs.flatMap((one) => (one.ok ? laneRowsOf(one.mapped, arrival) : []));
  return { rows, unusable: inputs.filter((one) => !one.ok) };
}

/** Without a time of its own it is of when it came here, which may be long after it was read. */
function laneRowsOf({ device, at: told, lanes }: Mapped, arrival: number): LaneRow[] {
  const at = told ?? arrival;
  const clock = told === undefined ? "unsynced" : "synced";
  return (["values", "counters"] as const).flatMap((lane) => {
    const found = lanes[lane];
    return found ? [{ ...found, device, at, clock, lane }] : [];
  });
}

function sizeOf({ rows, unusable }: Rows): number {
  return rows.length + unusable.length;
}

function portionsOf<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / rowsAMessage) }, (_, i) =>
    rows.slice(i * rowsAMessage, (i + 1) * rowsAMessage),
  );
}
