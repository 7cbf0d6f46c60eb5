import { type Layout, layoutHash } from "@sunledger/model";
import { drivenClock } from "@sunledger/runtime";
import { memoryFrameStore } from "@sunledger/store";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { batch, energies, energiesHash, powers, powersHash, stored } from "../testing/frames.ts";
import { type Layouts, layouts } from "./layouts.ts";
import type { RefusedLayout } from "./refused-layouts.ts";

const log = pino({ level: "silent" });

describe("layouts", () => {
  test("an announced layout is usable once the store has it", async () => {
    const { known, frameStore } = shelf();

    expect(await known.announce("roof-17", powersHash, powers)).toEqual({ ok: true });
    expect(known.of(powersHash)).toBe(undefined);
    expect((await known.keepAnnounced()).usable).toEqual([powersHash]);
    expect(known.of(powersHash)).toEqual(powers);
    expect(await frameStore.layout(powersHash)).toEqual(powers);
  });

  test.each([
    ["a foreign name", energiesHash, powers, "its name is not the hash of its content"],
    ["no hash", "../../etc", powers, "its name is no hash"],
    ["no layout", powersHash, { lane: "values" }, expect.any(String)],
    ["nothing", powersHash, undefined, expect.any(String)],
    [
      "what the gateway withholds",
      powersHash,
      { lane: "values", withheld: "300000 bytes" },
      "300000 bytes",
    ],
  ])("refuses %s", async (_case, hash, content, reason) => {
    const { known, frameStore } = shelf();

    expect(await known.announce("roof-17", hash, content)).toEqual({ ok: false, reason });
    await known.keepAnnounced();
    expect(known.of(hash)).toBeUndefined();
    expect(await frameStore.layout(hash)).toBeUndefined();
  });

  test("of a refused one is known why, to its gateway alone, until it is announced as it should be", async () => {
    const { known } = shelf();
    await known.announce("roof-17", powersHash, energies);

    // Its rows need wait no longer: they are asked for again.
    const refused = [{ gateway: "roof-17", hash: powersHash }];
    expect(await known.keepAnnounced()).toEqual({ usable: [], refused });
    expect(known.refusalOf("roof-17", powersHash)).toBe("its name is not the hash of its content");
    expect(known.refusalOf("roof-18", powersHash)).toBeUndefined();

    await known.announce("roof-17", powersHash, powers);
    expect(known.refusalOf("roof-17", powersHash)).toBeUndefined();
    expect((await known.keepAnnounced()).usable).toEqual([powersHash]);
    expect(known.of(powersHash)).toEqual(powers);
  });

  test("one gateway's refused layouts take no room from another's", async () => {
    const { known } = shelf();
    for (let i = 0; i < 600; i += 1) {
      await known.announce("roof-17", i.toString(16).padStart(16, "0"), powers);
    }
    await known.announce("roof-18", energiesHash, powers);

    const told = Array.from({ length: 600 }, (_, i) => i.toString(16).padStart(16, "0"));
    expect(told.filter((hash) => known.refusalOf("roof-17", hash))).toHaveLength(500);
    expect(known.refusalOf("roof-18", energiesHash)).toBeDefined();
    expect((await known.keepAnnounced()).refused).toHaveLength(501);
  });

  test("one that is refused again and again, while nothing can be kept, is told of once", async () => {
    const { known, fail } = shelf();
    await known.announce("roof-18", energiesHash, energies);
    fail(true);
    for (let i = 0; i < 100; i += 1) {
      await known.announce("roof-17", powersHash, energies);
      await expect(known.keepAnnounced()).rejects.toThrow();
    }
    fail(false);

    const refused = [{ gateway: "roof-17", hash: powersHash }];
    expect(await known.keepAnnounced()).toEqual({ usable: [energiesHash], refused });
    expect(await known.keepAnnounced()).toEqual({ usable: [], refused: [] });
  });

  test("only counters travel in their lane", async () => {
    const { known } = shelf();
    const mixed = { ...energies, points: [...energies.points, "ac.power.active"] };
    const unknown = { ...energies, points: ["no.such.point"] };

    expect(await known.announce("roof-17", energiesHash, energies)).toEqual({ ok: true });
    expect(await known.announce("roof-17", await layoutHash(mixed), mixed)).toEqual({
      ok: false,
      reason: "ac.power.active is no counter",
    });
    expect(await known.announce("roof-17", await layoutHash(unknown), unknown)).toMatchObject({
      ok: false,
    });
  });

  test("one that was kept before is found in the store; an absent one is not asked for each time", async () => {
    const { known, frameStore, asked, pace } = shelf();
    for (let i = 0; i < 5; i += 1) await known.seek([powersHash]);
    expect(asked()).toBe(1);

    await frameStore.keepLayout(powersHash, powers);
    await pace.advance(pace.now() + 1_000);
    await known.seek([powersHash]);
    expect(known.of(powersHash)).toEqual(powers);
  });

  test("what the store could not keep is kept later", async () => {
    const { known, fail } = shelf();
    await known.announce("roof-17", powersHash, powers);

    fail(true);
    await expect(known.keepAnnounced()).rejects.toThrow();
    fail(false);
    expect((await known.keepAnnounced()).usable).toEqual([powersHash]);
  });

  test("one that was kept before the store was lost is told of when it is back", async () => {
    const { known, fail, afterNext } = shelf();
    await known.announce("roof-17", powersHash, powers);
    await known.announce("roof-18", energiesHash, energies);

    afterNext(() => fail(true));
    await expect(known.keepAnnounced()).rejects.toThrow("away");
    fail(false);
    expect((await known.keepAnnounced()).usable).toEqual([powersHash, energiesHash]);
    expect((await known.keepAnnounced()).usable).toEqual([]);
  });

  test("one that the store refuses is kept from nobody else, tried again for a while, then dropped", async () => {
    const { known, refuse, pace, attempts } = shelf();
    refuse(powersHash, "22021");
    await known.announce("roof-17", powersHash, powers);
    await known.announce("roof-18", energiesHash, energies);

    expect((await known.keepAnnounced()).usable).toEqual([energiesHash]);
    const decided: RefusedLayout[] = [];
    for (let minute = 1; minute <= 10; minute += 1) {
      expect(known.refusalOf("roof-17", powersHash) === undefined).toBe(decided.length === 0);
      await pace.advance(minute * 60_000);
      decided.push(...(await known.keepAnnounced()).refused);
    }
    expect(decided).toEqual([{ gateway: "roof-17", hash: powersHash }]);
    expect(known.refusalOf("roof-17", powersHash)).toBe(
      "the store refuses it: invalid byte sequence",
    );
    const before = attempts();
    await pace.advance(60 * 60_000);
    await known.keepAnnounced();
    expect(attempts()).toBe(before);
    expect(known.hasAnnounced()).toBe(false);
  });

  test.each([
    ["is full", "53100"],
    ["takes no writes", "25006"],
    ["grants no right", "42501"],
    ["gave way to another", "40P01"],
    ["answers in no known words", undefined],
    ["lost the connection", "ECONNRESET"],
  ])("a store that %s refuses no layout for good (D-8)", async (_what, code) => {
    const { known, refuse, pace } = shelf();
    refuse(powersHash, code);
    await known.announce("roof-17", powersHash, powers);
    for (let minute = 1; minute <= 30; minute += 1) {
      expect((await known.keepAnnounced()).usable).toEqual([]);
      await pace.advance(minute * 60_000);
    }

    expect(known.refusalOf("roof-17", powersHash)).toBeUndefined();
    refuse("");
    expect((await known.keepAnnounced()).usable).toEqual([powersHash]);
  });

  test("a commit keeps a few at a time, of the gateways in turn", async () => {
    const { known } = shelf();
    for (let i = 0; i < 150; i += 1) await announce(known, "roof-17", i);
    await known.announce("roof-18", powersHash, powers);

    const { usable: first } = await known.keepAnnounced();
    expect(first).toHaveLength(100);
    expect(first).toContain(powersHash);
    expect(known.hasAnnounced()).toBe(true);
    expect((await known.keepAnnounced()).usable).toHaveLength(51);
    expect(known.hasAnnounced()).toBe(false);
  });

  test("a gateway that announces without end takes no room from the others", async () => {
    const { known } = shelf();
    const answers = [];
    for (let i = 0; i < 501; i += 1) answers.push(await announce(known, "roof-17", i));

    expect(answers.filter(({ ok }) => ok)).toHaveLength(500);
    expect(await known.announce("roof-18", powersHash, powers)).toEqual({ ok: true });
  });

  test("a store that was restored gets the layouts in use again", async () => {
    const { known, kept } = shelf();
    await known.announce("roof-17", powersHash, powers);
    await known.announce("roof-17", energiesHash, energies);
    await known.keepAnnounced();

    kept.length = 0;
    await known.keepAgain([batch([stored(1), stored(2)])]);
    expect(kept).toEqual([powersHash]);
  });
});

async function announce(known: Layouts, gateway: string, i: number) {
  const layout: Layout = { lane: "values", points: [`point.${i}`] };
  return known.announce(gateway, await layoutHash(layout), layout);
}

function shelf() {
  const frameStore = memoryFrameStore();
  const pace = drivenClock(0);
  let asked = 0;
  let attempts = 0;
  let failing = false;
  let refused = "";
  let refusedAs: string | undefined;
  let thereupon = () => {};
  const kept: string[] = [];
  const watched = {
    keepLayout: async (hash: string, layout: Layout) => {
      attempts += 1;
      if (failing) throw new Error("away");
      if (hash === refused) {
        throw Object.assign(new Error("invalid byte sequence"), { code: refusedAs });
      }
      kept.push(hash);
      await frameStore.keepLayout(hash, layout);
      thereupon();
    },
    incarnation: async () => {
      if (failing) throw new Error("away");
      return frameStore.incarnation();
    },
    layout: (hash: string) => {
      asked += 1;
      return frameStore.layout(hash);
    },
  };
  const known = layouts({ frameStore: watched, pace, log });
  const fail = (on: boolean) => {
    failing = on;
  };
  const refuse = (hash: string, code?: string) => {
    refused = hash;
    refusedAs = code;
  };
  const afterNext = (act: () => void) => {
    thereupon = () => {
      thereupon = () => {};
      act();
    };
  };
  const counts = { asked: () => asked, attempts: () => attempts };
  return { known, frameStore, pace, kept, fail, refuse, afterNext, ...counts };
}
