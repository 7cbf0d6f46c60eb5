import { afterEach, describe, expect, test, vi } from "vitest";
import { patient } from "../../../tests/support/patient.ts";
import { noon, percent } from "./testing/bench.ts";
import { closeBench, started } from "./testing/started.ts";

afterEach(closeBench);

describe("an order counts (F23)", () => {
  test("in its session alone", async () => {
    const { order, ended, desk, peer } = await started();
    const what = { kind: "set", device: "INV-01", point: percent, value: 60 };
    const before = desk.session();
    desk.begun();
    expect(desk.session()).not.toBe(before);
    expect(await ended(order(what, { session: before }))).toMatchObject({ code: "otherSession" });
    expect(peer.writes).toEqual([]);
  });

  test("until it expires, and not from the future", async () => {
    const { set, order, ended } = await started();
    const what = { kind: "tell-configuration" };
    const late = order(what, { at: noon - 30_000, expiresAt: noon });
    expect(await ended(late)).toMatchObject({ state: "refused", code: "expired" });
    const early = order(what, { at: noon + 61_000, expiresAt: noon + 62_000 });
    expect(await ended(early)).toMatchObject({ state: "refused", code: "clocksDisagree" });
    expect(await ended(set(60))).toMatchObject({ state: "done" });
  });

  test("by the age of its word where no clock can be trusted", async () => {
    const { order, ended, clock, desk } = await started({ clockState: "unsynced" });
    const lives = (ms: number) => ({ at: noon + 9_000_000, expiresAt: noon + 9_000_000 + ms });
    const what = { kind: "tell-configuration" };
    expect(await ended(order(what, lives(20_000)))).toMatchObject({ state: "done" });
    expect(await ended(order(what, lives(5_000)))).toMatchObject({ code: "expired" });
    const word = desk.session();
    await clock.advance(noon + 15_000);
    expect(desk.session()).not.toBe(word);
    const session = word;
    expect(await ended(order(what, { ...lives(40_000), session }))).toMatchObject({
      state: "done",
    });
    await clock.advance(noon + 45_000);
    expect(await ended(order(what, { ...lives(60_000), session }))).toMatchObject({
      code: "otherSession",
    });
  });

  test("by the clock again as soon as it is kept right, and by its word when it is no longer", async () => {
    const bench = await started({ clockState: "unsynced" });
    const { order, ended, clock, desk } = bench;
    const what = { kind: "tell-configuration" };
    const ahead = { at: noon + 9_000_000, expiresAt: noon + 9_030_000 };
    expect(await ended(order(what, ahead))).toMatchObject({ state: "done" });

    bench.clockState = "synced";
    expect(await ended(order(what, ahead))).toMatchObject({ code: "clocksDisagree" });
    const kept = desk.session();
    await clock.advance(noon + 60_000);
    expect(desk.session()).toBe(kept);

    bench.clockState = "unsynced";
    // Its word is a minute old: a command may be as old.
    expect(await ended(order(what, ahead))).toMatchObject({ code: "expired" });
    await clock.advance(noon + 75_000);
    expect(desk.session()).not.toBe(kept);
    expect(await ended(order(what, ahead))).toMatchObject({ state: "done" });
  });

  test("once: the same again is answered by the same, another under its id is refused", async () => {
    const { order, ended, said, sent, peer, restart, desk } = await started();
    const what = { kind: "set", device: "INV-01", point: percent, value: 60 };
    const same = { id: crypto.randomUUID() };
    const session = desk.session();
    const first = await ended(order(what, { ...same, session }));
    await restart();
    sent.length = 0;
    order(what, { ...same, session });
    expect(said(same.id)).toEqual([first]);
    expect(peer.writes).toHaveLength(1);

    sent.length = 0;
    order({ ...what, value: 70 }, { ...same, session });
    expect(said(same.id)).toMatchObject([{ state: "refused", code: "idReused" }]);
    expect(peer.writes).toHaveLength(1);
  });

  test("and its result is told when the platform is there again", async () => {
    const bench = await started();
    bench.connected = false;
    const id = bench.set(60);
    await vi.waitFor(() => expect(bench.peer.writes).toHaveLength(1), patient);
    await bench.restart();
    bench.connected = true;
    bench.desk.begun();
    expect(await bench.ended(id)).toMatchObject({ state: expect.stringMatching(/done|failed/) });
  });

  test("when it is a command at all", async () => {
    const { desk, sent } = await started();
    const id = crypto.randomUUID();
    desk.hear({ v: 1, id, what: { kind: "dance" } });
    desk.hear({ v: 1, id, what: { kind: "set" } });
    desk.hear("what?");
    const codes = sent.map((result) => (result.state === "refused" ? result.code : ""));
    expect(codes).toEqual(["unknownKind", "malformed"]);
  });
});
