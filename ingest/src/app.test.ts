import { type Layout, layoutHash } from "@sunledger/model";
import { packJson } from "@sunledger/runtime";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ingestMetrics } from "./ingest-metrics.ts";
import {
  energies,
  energiesHash,
  frame,
  inverter,
  noon,
  organisation,
  powers,
  sender,
} from "./testing/frames.ts";
import type { TestGateway } from "./testing/gateway.ts";
import { type TestHouse, testHouse } from "./testing/house.ts";

let house: TestHouse;

beforeEach(async () => {
  house = await testHouse();
});

afterEach(() => house.stop());

/** Announces a layout and waits until ingest has kept it: this gateway sends nothing twice by itself. */
const announced = async (gateway: TestGateway, layout: Layout) => {
  await gateway.announce(layout);
  const hash = await layoutHash(layout);
  await expect.poll(() => house.frameStore.layout(hash)).toBeDefined();
};

const isPositive = (value: number) => value > 0;

const frames = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => frame(from + i));

describe("ingest", () => {
  test("stores frames and acknowledges them", async () => {
    await house.startIngest();
    const gateway = await house.gateway();
    await announced(gateway, powers);
    await announced(gateway, energies);
    await gateway.send(frames(1, 100));
    await gateway.send([frame(1, { layout: energiesHash, values: [123_456] })], "counters");

    await expect.poll(() => gateway.settled()).toEqual([[1, 100]]);
    await expect.poll(() => gateway.settled("counters")).toEqual([[1, 1]]);
    expect(await storedTimes()).toHaveLength(100);
    const store = await house.frameStore.incarnation();
    expect(new Set(gateway.acks.map((ack) => ack.store))).toEqual(new Set([store]));
  });

  test("repeated deliveries change nothing (D-4, D-10)", async () => {
    const ingest = await house.startIngest();
    const gateway = await house.gateway();
    await announced(gateway, powers);
    for (let i = 0; i < 5; i += 1) await gateway.send(frames(1, 20));
    await gateway.send(frames(15, 30));

    await expect.poll(() => gateway.settled()).toEqual([[1, 30]]);
    await expect.poll(() => ingest.counters().messages).toBe(6);
    await expect.poll(() => live()).toEqual(frames(1, 30).map(({ at }) => at));
    expect(ingest.counters()).toMatchObject({ accepted: 30, repeated: 86, conflicts: 0 });
    expect(await storedTimes()).toHaveLength(30);
  });

  test("acknowledges nothing while the store is away, and recovers alone (D-8)", async () => {
    const ingest = await house.startIngest();
    const gateway = await house.gateway();
    await announced(gateway, powers);
    await gateway.send(frames(1, 10));
    await expect.poll(() => gateway.settled()).toEqual([[1, 10]]);

    expect(ingest.missing()).toBeUndefined();
    house.storeAway(true);
    const before = gateway.acks.length;
    await gateway.send(frames(11, 20));
    await gateway.send(frames(11, 30));
    await expect.poll(() => ingest.counters().storeFailures).toBeGreaterThan(1);
    expect(gateway.acks).toHaveLength(before);
    expect(ingest.missing()).toBe("frame store");
    expect(ingest.waiting()).toMatchObject({ messages: 2, lagMs: expect.toSatisfy(isPositive) });
    expect(await storedTimes()).toHaveLength(10);

    house.storeAway(false);
    await expect.poll(() => gateway.settled()).toEqual([[1, 30]]);
    expect(await storedTimes()).toHaveLength(30);
    expect(ingest.missing()).toBeUndefined();
    expect(ingest.waiting()).toEqual({ messages: 0, bytes: 0, lagMs: 0 });
    expect(await ingestMetrics(() => ingest).text()).toMatch(
      /^sunledger_ingest_rows_total\{outcome="stored"\} 30$/m,
    );
    await expect.poll(() => live()).toHaveLength(30);
  });

  test("a poison message blocks nobody (D-6)", async () => {
    const ingest = await house.startIngest();
    const [gateway, neighbour] = [await house.gateway(), await house.gateway("roof-18")];
    await announced(gateway, powers);
    const broken = Buffer.from("{broken");
    await gateway.publish("frames", broken);
    await gateway.publish("frames", broken);
    await gateway.publish("frames", await packJson({ v: 1, gateway: "roof-18" }));
    await gateway.send([frame(1), frame(2, { device: "INV-99" }), frame(3, { values: [1] })]);
    await neighbour.send(frames(1, 5));

    await expect.poll(() => gateway.settled()).toEqual([[1, 3]]);
    await expect.poll(() => neighbour.settled()).toEqual([[1, 5]]);
    await expect.poll(() => ingest.counters().quarantined).toBe(5);
    const { quarantined } = await house.frameStore.aside(organisation, "roof-17");
    expect(quarantined.map(({ code, reason }) => `${code}: ${reason}`).sort()).toEqual([
      "malformed: 1 values for 2 points",
      "unknownDevice: unknown device INV-99",
      expect.stringMatching(/^unreadable: head unreadable: epoch/),
      expect.stringMatching(/^unreadable: head unreadable: not packed JSON/),
    ]);
  });

  test("rows of a layout that comes late are asked for again", async () => {
    await house.startIngest();
    const gateway = await house.gateway();
    await gateway.send(frames(1, 5));
    await expect.poll(() => gateway.acks.length).toBeGreaterThan(0);
    expect(gateway.settled()).toEqual([]);

    gateway.acks.length = 0;
    await gateway.announce(powers);
    await expect.poll(() => gateway.acks.some(({ reset }) => reset)).toBe(true);
    await gateway.send(frames(1, 5));
    await expect.poll(() => gateway.settled()).toEqual([[1, 5]]);
  });

  test("a layout that the store refuses harms no other gateway", async () => {
    const keeper = house.frameStore;
    const refuses = async () => {
      throw Object.assign(new Error("invalid byte sequence"), { code: "22021" });
    };
    const odd = { ...powers, points: ["odd.point"] };
    await house.startIngest({
      frameStore: {
        ...keeper,
        keepLayout: (hash, layout) =>
          layout.points[0] === odd.points[0] ? refuses() : keeper.keepLayout(hash, layout),
      },
    });
    const [gateway, neighbour] = [await house.gateway(), await house.gateway("roof-18")];
    await neighbour.announce(odd);
    await neighbour.announce({ ...powers, points: ["ac.power\u0000"] });
    await announced(gateway, powers);
    await gateway.send(frames(1, 5));

    await expect.poll(() => gateway.settled()).toEqual([[1, 5]]);
  });

  test("rows of a layout that cannot be used hold up no lane: they go to quarantine, and the ack says why (D-6)", async () => {
    const first = await house.startIngest();
    const gateway = await house.gateway();
    const other = { ...powers, points: ["ac.frequency", "ac.frequency"] };
    const hash = await layoutHash(other);
    await announced(gateway, powers);
    const unusable = [2, 3].map((number) => frame(number, { layout: hash }));
    await gateway.send([frame(1), ...unusable, frame(4)]);
    await expect
      .poll(() => gateway.settled())
      .toEqual([
        [1, 1],
        [4, 4],
      ]);

    gateway.acks.length = 0;
    await gateway.announce(other);
    // What waited for the layout is asked for.
    await expect.poll(() => gateway.acks.some(({ reset }) => reset)).toBe(true);
    await gateway.send(unusable);

    await expect.poll(() => gateway.settled()).toEqual([[1, 4]]);
    const refused = () => gateway.acks.flatMap((ack) => (ack.refused ? [ack.refused] : []));
    expect(refused()).toEqual([{ [hash]: "a point is named twice" }]);
    const aside = await house.frameStore.aside(organisation, "roof-17");
    expect(aside.quarantined).toMatchObject([
      { sequence: 2, code: "refusedLayout" },
      { sequence: 3, code: "refusedLayout" },
    ]);

    // Retained, the announcement is refused again by the next ingest.
    await first.stop();
    gateway.acks.length = 0;
    await house.startIngest();
    await gateway.send([frame(5, { layout: hash }), frame(6)]);
    await expect
      .poll(async () => {
        await gateway.send([frame(5, { layout: hash }), frame(6)]);
        return gateway.settled();
      })
      .toEqual([[1, 6]]);
  });

  test("after a restart tells each gateway where it stands, with reset (D-2)", async () => {
    const first = await house.startIngest();
    const gateway = await house.gateway();
    await gateway.publish("status", statusOf(gateway.epoch), true);
    await announced(gateway, powers);
    await gateway.send(frames(1, 7));
    await expect.poll(() => gateway.settled()).toEqual([[1, 7]]);
    await first.stop();
    gateway.acks.length = 0;
    await gateway.send(frames(8, 9)); // nobody hears them

    await house.startIngest();
    await expect.poll(() => gateway.acks).toHaveLength(1);
    expect(gateway.acks[0]).toMatchObject({
      epoch: gateway.epoch,
      lanes: { values: { upTo: 7, ranges: [] }, counters: { upTo: 0, ranges: [] } },
      reset: true,
    });
  });

  test("says in its metrics what a gateway was told is stored and is not (D-13)", async () => {
    const ingest = await house.startIngest();
    const gateway = await house.gateway();
    await announced(gateway, powers);
    await gateway.send(frames(1, 3));
    await expect.poll(() => gateway.settled()).toEqual([[1, 3]]);
    const values = { produced: 9, acknowledged: 7, givenUp: 0, waiting: 2 };
    const status = { v: 1, state: "online", at: noon, epoch: gateway.epoch, lanes: { values } };
    await gateway.publish("status", Buffer.from(JSON.stringify(status)));

    await expect.poll(() => [...ingest.missingFrames()]).toEqual([["roof-17", 4]]);
    expect(await ingestMetrics(() => ingest).text()).toMatch(
      /^sunledger_ingest_missing_frames\{gateway="roof-17"\} 4$/m,
    );
  });

  test("a hole that stays is asked for (D-2)", async () => {
    await house.startIngest();
    const gateway = await house.gateway();
    await gateway.publish("status", statusOf(gateway.epoch));
    await announced(gateway, powers);
    await gateway.send(frames(1, 3));
    await expect.poll(() => gateway.settled()).toEqual([[1, 3]]);
    gateway.acks.length = 0;
    await gateway.send(frames(6, 9));

    await expect
      .poll(() => gateway.acks.find(({ reset }) => reset))
      .toMatchObject({
        lanes: { values: { upTo: 3, ranges: [[6, 9]] } },
      });
    await gateway.send(frames(4, 5));
    await expect.poll(() => gateway.settled()).toEqual([[1, 9]]);
  });

  test("a copied outbox is told to begin a new epoch", async () => {
    await house.startIngest();
    const gateway = await house.gateway();
    await announced(gateway, powers);
    await gateway.send(frames(1, 3));
    await expect.poll(() => gateway.settled()).toEqual([[1, 3]]);
    await gateway.send([frame(2, { at: noon })]);

    await expect.poll(() => gateway.acks.some(({ newEpoch }) => newEpoch)).toBe(true);
    expect(await storedTimes()).toEqual(frames(1, 3).map(({ at }) => at));
  });

  test("a device that is registered later works without a restart", async () => {
    await house.startIngest();
    const gateway = await house.gateway();
    await announced(gateway, powers);
    await gateway.publishDevice("INV-02", announcementOf("INV-02"));
    await gateway.send(frames(1, 2));
    await expect.poll(() => gateway.settled()).toEqual([[1, 2]]);
    const id = "0195a000-0000-7000-8000-0000000000d2";
    house.entries.set("roof-17", {
      ...(house.entries.get("roof-17") ?? sender),
      devices: new Map([...sender.devices, ["INV-02", id]]),
    });

    await expect.poll(() => house.keptRecords.map(({ subject }) => subject)).toContain(id);
    await gateway.send([frame(3, { device: "INV-02" })]);
    await expect.poll(() => gateway.settled()).toEqual([[1, 3]]);
    const { quarantined } = await house.frameStore.aside(organisation, "roof-17");
    expect(quarantined).toEqual([]);
  });

  test("keeps events of devices and acknowledges them by their ids", async () => {
    const event = {
      ...({ id: "0197b0c4-7b44-7a8e-9d6c-2b1d1c5e9a01", device: "INV-01", at: noon } as const),
      ...({ point: "ac.energy.export.total", kind: "reset", before: "5000", after: "3" } as const),
    };
    const foreign = { ...event, id: "0197b0c4-7b44-7a8e-9d6c-2b1d1c5e9a02", device: "INV-99" };
    await house.startIngest();
    const gateway = await house.gateway();

    await gateway.tell([event, foreign]);

    const acknowledged = () => gateway.acks.flatMap(({ events = [] }) => events).sort();
    await expect.poll(acknowledged).toEqual([event.id, foreign.id]);
    expect(house.keptRecords).toEqual([
      { subject: inverter, content: { ...event, device: inverter } },
    ]);
    const { quarantined } = await house.frameStore.aside(organisation, sender.id);
    expect(quarantined).toMatchObject([{ reason: "unknown device INV-99" }]);
  });

  test("leaves events to the gateway while they cannot be kept, and stores its frames", async () => {
    const event = {
      ...({ id: "0197b0c4-7b44-7a8e-9d6c-2b1d1c5e9a01", device: "INV-01", at: noon } as const),
      ...({ point: "ac.energy.export.total", kind: "reset", before: "5000", after: "3" } as const),
    };
    let away = true;
    const kept: unknown[] = [];
    await house.startIngest({
      records: {
        gatewayEntry: async (id) => house.entries.get(id),
        plants: async () => [],
        deviceList: async () => [],
        keepStatus: async () => {},
        keepAnnouncement: async () => {},
        keepEvents: async (_organisation, events) => {
          if (away) throw new Error("records away");
          kept.push(...events);
        },
      },
    });
    const gateway = await house.gateway();
    await announced(gateway, powers);
    await gateway.tell([event]);
    await gateway.send(frames(1, 10));
    await expect.poll(() => gateway.settled()).toEqual([[1, 10]]);
    expect(gateway.acks.flatMap(({ events = [] }) => events)).toEqual([]);

    away = false;
    await gateway.tell([event]);
    await expect.poll(() => gateway.acks.flatMap(({ events = [] }) => events)).toEqual([event.id]);
    expect(kept).toEqual([{ ...event, device: inverter }]);
  });

  test("keeps what gateways say of themselves and their devices", async () => {
    await house.startIngest();
    const gateway = await house.gateway();
    await gateway.publish("status", statusOf(gateway.epoch), true);
    await gateway.publishDevice("INV-01", announcementOf("INV-01"));
    await gateway.publishDevice("INV-01", { ...announcementOf("INV-01"), at: noon + 1 });
    await gateway.publishDevice("METER-01", announcementOf("INV-01"));
    await gateway.publish("status", Buffer.from("nonsense"));

    await expect
      .poll(() => house.keptRecords.map(({ subject }) => subject).sort())
      .toEqual([inverter, "roof-17"]);
  });

  test("over a restored store keeps anew what was announced before (D-15)", async () => {
    let incarnation = "before";
    const frameStore = { ...house.frameStore, incarnation: async () => incarnation };
    await house.startIngest({ frameStore });
    const gateway = await house.gateway();
    await announced(gateway, powers);
    await gateway.publishDevice("INV-01", announcementOf("INV-01"));
    await gateway.send([frame(1)]);
    const subjects = () => house.keptRecords.map(({ subject }) => subject);
    await expect.poll(subjects).toEqual([inverter]);
    await expect.poll(() => gateway.settled()).toEqual([[1, 1]]);

    incarnation = "restored";
    await gateway.send([frame(2)]);
    await expect.poll(subjects).toEqual([inverter, inverter]);
  });

  async function storedTimes(): Promise<number[]> {
    const range = { organisation, devices: [inverter], points: ["ac.frequency"] };
    const times: number[] = [];
    for await (const { at } of house.frameStore.read({ ...range, from: 0, to: noon * 2 })) {
      times.push(at);
    }
    return times;
  }

  function live(): number[] {
    return house.live.flatMap(({ frames }) => frames.map(([, , at]) => at)).sort((a, b) => a - b);
  }
});

function statusOf(epoch: string): Buffer {
  return Buffer.from(JSON.stringify({ v: 1, state: "online", at: noon, epoch }));
}

function announcementOf(tag: string) {
  return {
    v: 1,
    tag,
    at: noon,
    profile: { id: "sunspec", version: "1" },
    kind: "inverter",
    texts: {},
    points: [],
  };
}
