import { randomUUIDv7 } from "node:crypto";
import {
  type Ack,
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

/** Of one gateway: what waits for one that is not registered keeps nobody else out. */
const mostWaiting = 10_000;
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
    const frames = rows.map(({ device, at, values }, i) => {
      const layout = layoutOf[i] as string;
      return { device, sequence: from + i, layout, at, clock: "synced" as const, values };
    });
    const message: FramesMessage = messageOf({ gateway, epoch, lane }, frames);
    const payload = Buffer.from(JSON.stringify(message));
    await keep(gateway, { lane, from, to, used, message: { gateway, payload } });
  };

  const keepUnusable = async (gateway: string, { reason, payload }: Input & { ok: false }) => {
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

  return {
    take(gateway, inputs) {
      const arrival = now();
      const rows = inputs.flatMap((one) => (one.ok ? rowsOf(one.mapped, arrival) : []));
      const unusable = inputs.filter((one) => !one.ok);
      const count = rows.length + unusable.length;
      const before = sizes.get(gateway) ?? 0;
      if (before + count > mostWaiting && before > 0) return undefined;
      grow(gateway, count);
      const portions = [...Map.groupBy(rows, ({ lane }) => lane)].flatMap(([lane, own]) =>
        portionsOf(own).map((portion) => keepRows(gateway, lane, portion)),
      );
      const refused = unusable.map((one) => keepUnusable(gateway, one));
      return Promise.all([...portions, ...refused]).then(() => {});
    },

    hear(gateway, ack) {
      if (ack.epoch !== epoch) return;
      for (const one of [...(waiting.get(gateway) ?? [])]) {
        const told = ack.lanes[one.lane];
        const settled = told ? settledBy(told) : [];
        // Rows may be left for later one by one: what lies between counts as much as its ends.
        if (settled.some(([from, to]) => from <= one.from && one.to <= to)) one.done();
      }
    },
  };
}

type LaneRow = MappedLane & { readonly device: string; readonly at: number; readonly lane: Lane };

function rowsOf({ device, at, lanes }: Mapped, arrival: number): LaneRow[] {
  return (["values", "counters"] as const).flatMap((lane) => {
    const own = lanes[lane];
    return own ? [{ ...own, device, at: at ?? arrival, lane }] : [];
  });
}

function portionsOf<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / rowsAMessage) }, (_, i) =>
    rows.slice(i * rowsAMessage, (i + 1) * rowsAMessage),
  );
}
