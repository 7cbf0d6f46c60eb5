import type { CommandResult } from "@sunledger/model";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  confirms,
  confirmsOnly,
  obeysSilently,
  refuses,
  silent,
} from "../../../tests/support/modbus-peer/misbehaviour.ts";
import { answersRightly } from "../../../tests/support/modbus-peer/modbus-peer.ts";
import {
  allowed,
  type Bench,
  type BenchOptions,
  bench,
  noon,
  orderedBy,
  percent,
} from "./testing/bench.ts";
import { testProfile } from "./testing/test-profile.ts";

let one: Bench | undefined;
afterEach(async () => {
  await one?.close();
  one = undefined;
});

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

  test("counts once the mode is there", async () => {
    const { set, ended, peer } = await started();
    await ended(set(7, { point: "setpoint.activePower.mode" }));
    expect(await ended(set(50, { point: "setpoint.export.percent" }))).toMatchObject({
      state: "done",
    });
    expect(peer.registers.get(105)).toBe(50);
  });

  test("is ramped no faster than asked for", async () => {
    const { set, said, clock, peer } = await started();
    const id = set(97.5, { rampPerSecond: 1 });
    const at: number[] = [];
    await vi.waitFor(async () => {
      if (peer.writes.length > at.length) at.push(clock.now());
      await clock.advance(clock.now() + 100);
      expect(said(id).at(-1)).toMatchObject({ state: "done", written: { readBack: 97.5 } });
    }, 4_000);

    expect(peer.writes.map(({ words }) => words[0])).toEqual([990, 980, 975]);
    expect(said(id).filter(({ state }) => state === "progress")).toHaveLength(2);
    for (const [i, moment] of at.entries()) {
      if (i > 0) expect(moment - (at[i - 1] ?? 0)).toBeGreaterThanOrEqual(900);
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

describe("a write that goes wrong is never blindly repeated", () => {
  test("an answer that is lost: the device is asked what it holds", async () => {
    const { set, ended, peer } = await started();
    peer.meet(answersRightly, obeysSilently);
    expect(await ended(set(60))).toMatchObject({ state: "done", written: { readBack: 60 } });
    expect(peer.writes).toHaveLength(1);
  });

  test("a write that was lost: it holds what it held", async () => {
    const { set, order, ended, peer, notes } = await started();
    peer.meet(answersRightly, silent);
    expect(await ended(set(60))).toMatchObject({ state: "failed", code: "noAnswer" });
    expect(peer.writes).toHaveLength(1);
    expect(notes).toEqual([]);
    const release = order({ kind: "release", device: "INV-01", point: percent });
    expect(await ended(release)).toMatchObject({ code: "nothingToRelease" });
  });

  test("a device that falls silent: nobody knows, and it is brought back all the same", async () => {
    const { set, ended, peer, clock, said } = await started();
    peer.meet(answersRightly, obeysSilently, ...Array.from({ length: 8 }, () => silent));
    const id = set(60, { revertAfterMs: 20_000 });

    expect(await ended(id)).toMatchObject({ state: "failed", code: "outcomeUnknown" });
    expect(peer.registers.get(register)).toBe(600);
    await clock.advance(clock.now() + 20_000);
    await vi.waitFor(async () => {
      await clock.advance(clock.now() + 5_000);
      expect(peer.registers.get(register)).toBe(1_000);
    }, 8_000);
    expect(said(id).at(-1)).toMatchObject({ state: "revert", outcome: "done" });
  }, 20_000);

  test("another write confirmed", async () => {
    const { set, ended, peer } = await started();
    peer.meet(
      answersRightly,
      confirms(() => ({ words: [601] })),
    );
    expect(await ended(set(60))).toMatchObject({
      ...{ state: "failed", code: "echoDiffers", written: { readBack: 60 } },
      reason: expect.stringMatching(/confirms 100, 601 instead of 100, 600/),
    });
    expect(peer.writes).toHaveLength(1);
  });

  test("a refusal", async () => {
    const { set, ended, peer } = await started();
    peer.meet(answersRightly, refuses(3));
    expect(await ended(set(60))).toMatchObject({
      ...{ state: "failed", code: "exception" },
      reason: expect.stringMatching(/exception 3/),
    });
    expect(peer.registers.get(register)).toBe(1_000);
  });

  test("another value in the end", async () => {
    const { set, ended, peer } = await started();
    peer.meet(answersRightly, (request) => {
      answersRightly(request);
      peer.registers.set(register, 700);
    });
    expect(await ended(set(60))).toMatchObject({
      ...{ state: "failed", code: "readBackDiffers", written: { readBack: 70 } },
    });
  });

  test("a confirmation without a deed", async () => {
    const { set, ended, peer, notes } = await started();
    peer.meet(answersRightly, confirmsOnly);
    expect(await ended(set(60))).toMatchObject({
      ...{ state: "failed", code: "readBackDiffers", written: { readBack: 100 } },
    });
    expect(peer.writes).toHaveLength(1);
    expect(notes).toEqual([]);
  });

  test("a device that is away", async () => {
    const { set, ended, peer } = await started();
    await peer.close();
    expect(await ended(set(60))).toMatchObject({ state: "failed", code: "unreachable" });
  });
});

describe("a set-point comes back", () => {
  test("in time, without the platform, on record", async () => {
    const bench = await started();
    const { set, ended, clock, peer, notes, said } = bench;
    const id = set(60, { revertAfterMs: 60_000 });
    expect(await ended(id)).toMatchObject({ written: { revertAt: noon + 60_000 } });
    bench.connected = false;

    await clock.advance(noon + 59_999);
    expect(peer.registers.get(register)).toBe(600);
    await clock.advance(noon + 60_000);
    await vi.waitFor(() => expect(peer.registers.get(register)).toBe(1_000));
    await vi.waitFor(() => expect(notes.at(-1)).toMatchObject({ kind: "reverted", after: "100" }));
    expect(said(id).some(({ state }) => state === "revert")).toBe(false);
  });

  test("over a restart of the gateway", async () => {
    const { set, ended, clock, peer, restart } = await started();
    await ended(set(60, { revertAfterMs: 60_000 }));
    await restart();
    await clock.advance(noon + 60_000);
    await vi.waitFor(() => expect(peer.registers.get(register)).toBe(1_000));
  });

  test("when it is due already at the start", async () => {
    const { set, ended, clock, peer, restart } = await started();
    await ended(set(60, { revertAfterMs: 60_000 }));
    await restart();
    await clock.advance(noon + 600_000);
    await vi.waitFor(() => expect(peer.registers.get(register)).toBe(1_000));
  });

  test("to what it held before the first order that stands", async () => {
    const { set, ended, order, peer } = await started();
    await ended(set(60, { revertAfterMs: 60_000 }));
    await ended(set(40));
    const id = order({ kind: "release", device: "INV-01", point: percent });
    expect(await ended(id)).toMatchObject({
      state: "done",
      written: { value: 100, readBack: 100 },
    });
    expect(peer.registers.get(register)).toBe(1_000);
    const again = order({ kind: "release", device: "INV-01", point: percent });
    expect(await ended(again)).toMatchObject({ state: "refused", code: "nothingToRelease" });
  });

  test("not over what somebody else has set since", async () => {
    const { set, ended, clock, peer, said } = await started();
    const id = set(60, { revertAfterMs: 60_000 });
    await ended(id);
    peer.registers.set(register, 300);
    await clock.advance(noon + 60_000);
    const last = () => said(id).at(-1);
    await vi.waitFor(() => expect(last()).toMatchObject({ outcome: "changedByOthers" }));
    expect(peer.registers.get(register)).toBe(300);
  });

  test("by itself where the device forgets what it is not told again", async () => {
    const { set, ended, clock, peer, said } = await started();
    const reactive = { point: "setpoint.reactivePower.percent" };
    const id = set(30, { ...reactive, revertAfterMs: 150_000 });
    expect(await ended(id)).toMatchObject({ state: "done", written: { words: [30] } });
    for (const times of [2, 3]) {
      await clock.advance(clock.now() + 60_000);
      await written(peer, times);
    }
    await clock.advance(noon + 150_000);
    const last = () => said(id).at(-1);
    await vi.waitFor(() => expect(last()).toMatchObject({ state: "revert", outcome: "done" }));
    expect(last()).toMatchObject({ reason: expect.stringMatching(/falls back by itself 600 s/) });
    await clock.advance(noon + 600_000);
    expect(peer.writes).toHaveLength(3);
  });

  test("or it is not promised", async () => {
    const { set, ended, peer } = await started();
    const blind = { point: "setpoint.battery.mode", revertAfterMs: 60_000 };
    expect(await ended(set(1, blind))).toMatchObject({ state: "refused", code: "cannotRevert" });
    expect(peer.writes).toEqual([]);
  });

  test("as soon as the device is back", async () => {
    const { set, ended, clock, peer, said } = await started();
    const id = set(60, { revertAfterMs: 60_000 });
    await ended(id);
    peer.meet(...Array.from({ length: 4 }, () => silent));
    await clock.advance(noon + 60_000);
    const reverts = () => said(id).filter(({ state }) => state === "revert");
    await vi.waitFor(() => expect(reverts()[0]).toMatchObject({ outcome: "waiting" }));
    await vi.waitFor(async () => {
      await clock.advance(clock.now() + 5_000);
      expect(reverts().at(-1)).toMatchObject({ outcome: "done" });
    }, 8_000);
    expect(peer.registers.get(register)).toBe(1_000);
    expect(reverts()).toHaveLength(2);
  }, 20_000);
});

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

  test("once: the same again is answered by the same, another under its id is refused", async () => {
    const { order, ended, said, sent, peer, restart } = await started();
    const what = { kind: "set", device: "INV-01", point: percent, value: 60 };
    const same = { id: crypto.randomUUID() };
    const { session } = { session: one?.desk.session() ?? "" };
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
    await vi.waitFor(() => expect(bench.peer.writes).toHaveLength(1));
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

describe("reading for people", () => {
  test("a configured device, now", async () => {
    const { order, ended } = await started();
    const read = { kind: "read", device: "INV-01", points: ["ac.power.active"] };
    const result = await ended(order(read));
    expect(readingOf(result)?.points).toMatchObject([
      { point: "ac.power.active", value: 4_200, unit: "W", words: [0, 4_200] },
    ]);
    const none = order({ ...read, points: ["ac.frequency"] });
    expect(await ended(none)).toMatchObject({ state: "refused", code: "unknownPoint" });
  });

  test("a device that is not configured, by a profile that is none yet", async () => {
    const { order, ended, url } = await started({ config: { onboarding: true } });
    const profile = { ...testProfile, id: "mine" };
    const result = await ended(order({ kind: "test-read", url, profile }));
    expect(result).toMatchObject({ state: "done", reading: { profile: "mine" } });
    const wrong = { ...profile, points: [{ name: "ac.power.active", poll: "fast", src: [] }] };
    expect(await ended(order({ kind: "test-read", url, profile: wrong }))).toMatchObject({
      ...{ state: "refused", code: "badProfile" },
      reason: expect.stringMatching(/points.0.*no kind, address, type/),
    });
  });

  test("only where the own file lets search", async () => {
    const { order, ended, url } = await started();
    const read = { kind: "test-read", url, profile: "sunspec" };
    expect(await ended(order(read))).toMatchObject({ code: "onboardingOff" });
    const scan = { kind: "scan", target: "127.0.0.0/30" };
    expect(await ended(order(scan))).toMatchObject({ code: "onboardingOff" });
  });

  test.each([
    { kind: "test-read", url: "tcp://192.0.2.7", profile: "sunspec" },
    { kind: "test-read", url: "tcp://127.0.1.1", profile: "sunspec" },
    { kind: "test-read", url: "tcp://localhost", profile: "sunspec" },
    { kind: "test-read", url: "serial:///dev/ttyUSB0", profile: "eastron-sdm630" },
    { kind: "scan", target: "127.0.0.0/23" },
  ])("not outside of its networks: %j", async (what) => {
    const { order, ended } = await started({ config: { onboarding: true } });
    expect(await ended(order(what))).toMatchObject({ state: "refused", code: "outsideNetworks" });
  });

  test("finds what answers, device by device", async () => {
    const { order, ended, said, url } = await started({ config: { onboarding: true } });
    const id = order({
      kind: "scan",
      target: url.replace("?unit=1", ""),
      units: "1",
      timeoutMs: 500,
    });
    const result = await ended(id);
    expect(result).toMatchObject({ state: "done", search: { done: 1, of: 1, answering: 1 } });
    const told = said(id).filter((one) => one.state === "progress" && (one.found ?? one.unknown));
    expect(told).toHaveLength(1);
  }, 20_000);
});

const any = { commands: { allow: [{ device: "*", point: "*" }] } };

function only(rule: object) {
  return { commands: { allow: [{ ...allowed.commands.allow[0], ...rule }] } };
}

async function started(options?: BenchOptions): Promise<Bench> {
  one = await bench(options);
  return one;
}

function written(peer: Bench["peer"], times: number): Promise<void> {
  return vi.waitFor(() => expect(peer.writes).toHaveLength(times), { timeout: 3_000, interval: 5 });
}

function readingOf(result: CommandResult) {
  return result.state === "done" ? result.reading : undefined;
}
