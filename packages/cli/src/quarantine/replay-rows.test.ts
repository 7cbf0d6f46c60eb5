import { randomUUID } from "node:crypto";
import { type Frame, type KeptEvent, type Layout, layoutHash, rowOf } from "@sunledger/model";
import { type FrameBatch, memoryFrameStore, type Quarantined } from "@sunledger/store";
import { describe, expect, test } from "vitest";
import { type ReplayParts, replayRows } from "./replay-rows.ts";
import { keptPayloadOf } from "./testing/long-row.ts";

const organisation = randomUUID();
const inverter = randomUUID();
const noon = Date.UTC(2026, 5, 1, 4);
const powers: Layout = { lane: "values", points: ["ac.power.active"] };
const hash = await layoutHash(powers);
const event = {
  ...{ id: randomUUID(), device: "INV-02", point: "ac.energy.export.total", kind: "reset" },
  ...{ at: noon, before: "5000", after: "3" },
};

describe("replaying quarantined rows (D-6)", () => {
  test("stores the rows of a device that was registered since, once, and leaves the others", async () => {
    const { store, replay, read } = await house([
      rowAt(1),
      { ...rowAt(2, "INV-99"), reason: "unknown device INV-99" },
      rowAt(3),
      { code: "unreadable", reason: "head unreadable", payload: { sha256: "", base64: "" } },
      { code: "numberTaken", reason: "taken", sequence: 4, payload: { layout: hash, row: [] } },
    ]);

    expect(await replay()).toEqual({
      ...{ stored: 2, known: 0, conflicts: 0, events: 0 },
      stays: new Map([
        ["unknown device INV-99", 1],
        ["it settled nothing: its gateway sends it again", 1],
        ["its gateway sends it again under another number", 1],
      ]),
    });
    expect(await read()).toEqual([
      [noon + 1_000, 1],
      [noon + 3_000, 3],
    ]);
    expect(await replay()).toMatchObject({ stored: 0, known: 0, conflicts: 0 });
    const { quarantined } = await store.aside(organisation, "roof-17");
    expect(quarantined.map(({ sequence }) => sequence)).toEqual([2, undefined, 4]);
  });

  test("reads rows that were kept deflated since they are long, and leaves those of which only the beginning was kept", async () => {
    const long = (row: Quarantined) => ({ ...row, payload: keptPayloadOf(row.payload) });
    const { deflated: _, ...beginning } = keptPayloadOf(rowAt(2).payload);
    const { replay, read } = await house([long(rowAt(1)), { ...rowAt(2), payload: beginning }]);

    expect(await replay()).toMatchObject({
      stored: 1,
      stays: new Map([["only its beginning was kept", 1]]),
    });
    expect(await read()).toEqual([[noon + 1_000, 1]]);
  });

  test("keeps aside what differs from what holds its place (D-5)", async () => {
    const { store, replay, read } = await house([rowAt(2)]);
    const { batch } = store;
    await store.write([{ ...batch, frames: [storedAt(9, noon + 2_000)], quarantined: [] }]);

    expect(await replay()).toMatchObject({ stored: 0, conflicts: 1 });
    expect(await read()).toEqual([[noon + 2_000, 9]]);
  });

  test("reads a row by a layout that could not be used when it came", async () => {
    const late = { ...rowAt(1), code: "refusedLayout" as const };
    const { store, replay } = await house([late], []);
    expect((await replay()).stays).toEqual(new Map([[`layout ${hash} is unknown`, 1]]));

    await store.keepLayout(hash, powers);
    expect(await replay()).toMatchObject({ stored: 1, stays: new Map() });
  });

  test("takes a frame that the store had refused, and goes on round one that it refuses still", async () => {
    const frame = storedAt(1, noon);
    const refused = (sequence: number): Quarantined => {
      const payload = { ...frame, sequence, at: noon + sequence };
      return { sequence, code: "refused", reason: "the store refuses it", payload };
    };
    const { store, replay } = await house([refused(1), refused(2), refused(3)]);
    const write = (batches: readonly FrameBatch[]) => {
      const isBad = batches.some(({ frames }) => frames.some(({ sequence }) => sequence === 2));
      return isBad ? Promise.reject(new Error("invalid byte")) : store.write(batches);
    };

    expect(await replay({ frames: { ...store, write } })).toMatchObject({
      stored: 2,
      stays: new Map([["the store refuses it: invalid byte", 1]]),
    });
    expect(await replay()).toMatchObject({ stored: 1, stays: new Map() });
  });

  test("loses nothing when the store goes away in its midst", async () => {
    const { store, replay } = await house([rowAt(1), rowAt(2)]);
    const write = () => Promise.reject(new Error("away"));

    await expect(replay({ frames: { ...store, write } })).rejects.toThrow("away");
    expect(await replay()).toMatchObject({ stored: 2 });
  });

  test("keeps an event, and takes it out of quarantine", async () => {
    const row = { code: "unknownDevice" as const, reason: "INV-02", payload: { event } };
    const { store, replay, events } = await house([row]);

    expect(await replay()).toMatchObject({ events: 1, stays: new Map() });
    expect(events).toEqual([{ ...event, device: inverter }]);
    expect((await store.aside(organisation, "roof-17")).quarantined).toEqual([]);
  });

  test("tries rows from the future only where it is asked to (D-14)", async () => {
    const early = { ...rowAt(1), code: "future" as const, reason: "in the future" };
    const { replay } = await house([early]);

    expect(await replay()).toMatchObject({ stored: 0, stays: new Map([["in the future", 1]]) });
    expect(await replay({ code: "unknownDevice" })).toMatchObject({ stored: 0, stays: new Map() });
    expect(await replay({ code: "future" })).toMatchObject({ stored: 1 });
  });

  test("goes through more rows than it takes at once", async () => {
    const rows = Array.from({ length: 1_203 }, (_, i) => rowAt(i + 1, i % 3 ? "INV-02" : "INV-99"));
    const { replay } = await house(rows);

    expect(await replay()).toMatchObject({
      stored: 802,
      stays: new Map([["unknown device INV-99", 401]]),
    });
  });
});

function rowAt(sequence: number, device = "INV-02"): Quarantined {
  const at = noon + sequence * 1_000;
  const frame: Frame = {
    ...{ device, sequence, layout: hash, at, clock: "synced", values: [sequence] },
  };
  const row = rowOf(frame);
  return { sequence, code: "unknownDevice", reason: device, payload: { layout: hash, row } };
}

function storedAt(sequence: number, at: number) {
  const clock = "synced" as const;
  return { device: inverter, sequence, layout: hash, at, clock, values: [sequence] };
}

async function house(quarantined: readonly Quarantined[], layouts = [powers]) {
  const frameStore = memoryFrameStore();
  for (const layout of layouts) await frameStore.keepLayout(hash, layout);
  const batch: FrameBatch = {
    ...{ organisation, gateway: "roof-17", epoch: randomUUID(), lane: "values", arrival: noon },
    ...{ frames: [], quarantined, gaps: [] },
  };
  await frameStore.write([batch]);
  const events: KeptEvent[] = [];
  const entry = {
    ...{ id: "roof-17", organisation, plant: randomUUID(), secretHash: "" },
    devices: new Map([["INV-02", inverter]]),
  };
  const records: ReplayParts["records"] = {
    gatewayEntry: async (id) => (id === entry.id ? entry : undefined),
    keepEvents: async (_organisation, told) => void events.push(...told),
  };
  const store = { ...frameStore, batch };
  const parts = { frames: store, records, organisation, gateway: "roof-17", now: noon + 3_600_000 };
  return {
    ...{ store, events },
    replay: (more: Partial<ReplayParts> = {}) => replayRows({ ...parts, ...more }),
    async read() {
      const range = { organisation, devices: [inverter], points: powers.points };
      const found: [number, unknown][] = [];
      for await (const { at, value } of store.read({ ...range, from: 0, to: 2 * noon })) {
        found.push([at, value]);
      }
      return found;
    },
  };
}
