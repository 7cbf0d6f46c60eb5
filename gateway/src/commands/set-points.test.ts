import { afterEach, describe, expect, test, vi } from "vitest";
import { patient } from "../../../tests/support/patient.ts";
import { allowed, noon, orderedBy, percent } from "./testing/bench.ts";
import { closeBench, started, written } from "./testing/started.ts";

afterEach(closeBench);

const register = 100;

describe("a set-point (gateway trait 22)", () => {
  test("is written, read back and put on record", async () => {
    const { set, ended, said, peer, notes } = await started();
    const id = set(60.5);

    expect(await ended(id)).toMatchObject({
      state: "done",
      written: { value: 60.5, words: [605], previous: 100, readBack: 60.5, unit: "percent" },
    });
    expect(said(id)[0]?.state).toBe("accepted");
    expect(peer.writes).toEqual([{ code: 6, address: register, words: [605] }]);
    const by = { ...orderedBy, command: id };
    const event = { kind: "written", point: percent, before: "100", after: "60.5", at: noon, by };
    expect(notes).toEqual([event]);
  });

  test.each<[string, object, RegExp, object?]>([
    ["outOfRange", { value: 101 }, /above 100/],
    ["outOfRange", { value: -1 }, /below 0/],
    ["offStep", { value: 60.55 }, /no multiple of 0.1/],
    ["unknownDevice", { device: "INV-02" }, /polls no INV-02/],
    ["unknownPoint", { point: "setpoint.powerFactor" }, /knows no/],
    ["notWritable", { point: "ac.power.active" }, /only be read/, any],
    ["forbidden", { point: "setpoint.onOff", value: 0 }, /forbids/],
    ["unverified", { point: "setpoint.connect", value: 0 }, /no source/],
    ["modeRequired", { point: "setpoint.export.percent", value: 50 }, /mode is 7; it is 0/],
    ["valueNotAllowed", { point: "setpoint.activePower.mode", value: 5 }, /takes 0, 7/],
    ["valueNotAllowed", { point: "setpoint.export.enable", value: 1 }, /only bit 0/],
    ["outOfRange", { point: "setpoint.activePower.watts", value: 10_001 }, /rating.maxActivePower/],
    ["flash", { point: "setpoint.activePower.watts", value: 5, rampPerSecond: 1 }, /flash/],
    ["outOfRange", { point: "setpoint.export.watts", value: 5 }, /gives .* a max/],
    ["outOfRange", { rampPerSecond: 0.01 }, /take 4000 s, and 3600 s are the most/],
    ["outOfRange", { rampPerSecond: 1, revertAfterMs: 40_000 }, /takes 40 s, .* back after 40 s/],
    ["commandsOff", { value: 60 }, /own file/, {}],
    ["pointNotAllowed", { value: 60 }, /own file/, only({ point: "setpoint.export.*" })],
    ["pointNotAllowed", { value: 60 }, /own file/, only({ device: "INV-02" })],
    [
      "outOfRange",
      { value: 20 },
      /below 30, the least by this gateway's own file/,
      only({ min: 30 }),
    ],
  ])("is refused: %s %j", async (code, order, reason, config) => {
    const { set, ended, peer } = await started(config && { config });

    expect(await ended(set(60, order))).toMatchObject({
      ...{ state: "refused", code },
      reason: expect.stringMatching(reason),
    });
    expect(peer.writes).toEqual([]);
  });

  test("of bits changes those alone that it may", async () => {
    const { set, ended, peer } = await started();
    await ended(set(0x0401, { point: "setpoint.export.enable" }));
    expect(peer.registers.get(106)).toBe(0x0401);
  });

  test("without bounds in its profile is written within those of the gateway's own file", async () => {
    const { set, ended, peer } = await started({ config: only({ max: 50 }) });
    const watts = { point: "setpoint.export.watts" };
    expect(await ended(set(51, watts))).toMatchObject({ code: "outOfRange" });
    expect(await ended(set(50, watts))).toMatchObject({ state: "done" });
    expect(peer.writes.map(({ words }) => words)).toEqual([[50]]);
  });

  test("counts once the mode is there", async () => {
    const { set, ended, peer } = await started();
    await ended(set(7, { point: "setpoint.activePower.mode" }));
    expect(await ended(set(50, { point: "setpoint.export.percent" }))).toMatchObject({
      state: "done",
    });
    expect(peer.registers.get(105)).toBe(50);
  });

  test.each([
    { value: 97.5, rampPerSecond: 1, words: [990, 980, 975], apartMs: 1_000 },
    // Half a step a second: a whole one each other second.
    { value: 99.8, rampPerSecond: 0.05, words: [999, 998], apartMs: 2_000 },
  ])("is ramped no faster than asked for: $rampPerSecond", async (ramp) => {
    const { value, rampPerSecond, words, apartMs } = ramp;
    const { set, said, clock, peer } = await started();
    const id = set(value, { rampPerSecond });
    // Between which looks each write has come: the machine may be slower than the clock.
    const seen: { after: number; by: number }[] = [];
    let after = clock.now();
    await vi.waitFor(async () => {
      if (peer.writes.length > seen.length) seen.push({ after, by: clock.now() });
      after = clock.now();
      await clock.advance(clock.now() + 100);
      expect(said(id).at(-1)).toMatchObject({ state: "done", written: { readBack: value } });
    }, patient);

    expect(peer.writes.map(({ words }) => words[0])).toEqual(words);
    expect(said(id).filter(({ state }) => state === "progress")).toHaveLength(words.length - 1);
    for (const [i, { by }] of seen.entries()) {
      if (i > 0) expect(by - (seen[i - 1]?.after ?? 0)).toBeGreaterThanOrEqual(apartMs - 100);
    }
  });

  test("stays where it is when its ramp is cancelled", async () => {
    const { set, order, said, ended, clock, peer } = await started();
    const id = set(50, { rampPerSecond: 1 });
    await written(peer, 1);
    await ended(order({ kind: "cancel", id }));
    await clock.advance(clock.now() + 5_000);

    expect(await ended(id)).toMatchObject({ state: "failed", code: "cancelled" });
    expect(said(id).at(-1)).toMatchObject({ written: { readBack: 99 } });
    expect(peer.registers.get(register)).toBe(990);
  });

  test("is written no more often than the file allows", async () => {
    const rates = { commands: { ...allowed.commands, writesAMinute: 2 } };
    const { set, ended, clock } = await started({ config: rates });
    await ended(set(60));
    await ended(set(61));
    expect(await ended(set(62))).toMatchObject({ state: "refused", code: "rateLimited" });
    await clock.advance(clock.now() + 60_001);
    expect(await ended(set(62))).toMatchObject({ state: "done" });
  });

  test("in flash is written a few times a day, and never for nothing", async () => {
    const watts = { point: "setpoint.activePower.watts" };
    const rates = { commands: { ...allowed.commands, flashWritesADay: 2 } };
    const { set, ended, clock, peer, restart } = await started({ config: rates });

    expect(await ended(set(10_000, watts))).toMatchObject({ state: "done" });
    expect(peer.writes).toEqual([]);
    await ended(set(5_000, watts));
    const alone = set(4_000, { ...watts, revertAfterMs: 60_000 });
    expect(await ended(alone)).toMatchObject({ code: "flash", reason: /1 are left.* takes 2/ });
    await ended(set(4_000, watts));
    await restart();
    expect(await ended(set(3_000, watts))).toMatchObject({ state: "refused", code: "flash" });
    expect(peer.writes).toHaveLength(2);
    await clock.advance(clock.now() + 86_400_001);
    expect(await ended(set(3_000, watts))).toMatchObject({ state: "done" });
  });

  test("is not written by two at once", async () => {
    const { set, ended, peer } = await started();
    const ids = [set(60), set(70)];
    const results = await Promise.all(ids.map(ended));

    expect(results.map(({ state }) => state)).toEqual(["done", "refused"]);
    expect(results[1]).toMatchObject({ code: "busy" });
    expect(peer.writes).toHaveLength(1);
  });
});

const any = { commands: { allow: [{ device: "*", point: "*" }] } };

function only(rule: object) {
  return { commands: { allow: [{ ...allowed.commands.allow[0], ...rule }] } };
}
