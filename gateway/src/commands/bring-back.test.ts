import { afterEach, describe, expect, test, vi } from "vitest";
import { silent } from "../../../tests/support/modbus-peer/misbehaviour.ts";
import { patient } from "../../../tests/support/patient.ts";
import { noon, percent, soonSilent } from "./testing/bench.ts";
import { closeBench, started, written } from "./testing/started.ts";

afterEach(closeBench);

const register = 100;

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
    await vi.waitFor(() => expect(peer.registers.get(register)).toBe(1_000), patient);
    await vi.waitFor(
      () => expect(notes.at(-1)).toMatchObject({ kind: "reverted", after: "100" }),
      patient,
    );
    expect(said(id).some(({ state }) => state === "revert")).toBe(false);
  });

  test("over a restart of the gateway", async () => {
    const { set, ended, clock, peer, restart } = await started();
    await ended(set(60, { revertAfterMs: 60_000 }));
    await restart();
    await clock.advance(noon + 60_000);
    await vi.waitFor(() => expect(peer.registers.get(register)).toBe(1_000), patient);
  });

  test("when it is due already at the start", async () => {
    const { set, ended, clock, peer, restart } = await started();
    await ended(set(60, { revertAfterMs: 60_000 }));
    await restart();
    await clock.advance(noon + 600_000);
    await vi.waitFor(() => expect(peer.registers.get(register)).toBe(1_000), patient);
  });

  test.each([
    ["back by thirty years", -30 * 365 * 86_400_000],
    ["forward by thirty years", 30 * 365 * 86_400_000],
  ])("after its time though the clock begins %s after a restart", async (_way, aheadMs) => {
    const bench = await started();
    const { set, ended, clock, peer, restart } = bench;
    await ended(set(60, { revertAfterMs: 150_000 }));
    await clock.advance(noon + 60_000);
    Object.assign(bench, { aheadMs, clockState: "unsynced" });
    await restart();
    await clock.advance(noon + 149_999);
    expect(peer.registers.get(register)).toBe(600);
    await clock.advance(noon + 150_000);
    await vi.waitFor(() => expect(peer.registers.get(register)).toBe(1_000), patient);
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
    await vi.waitFor(() => expect(last()).toMatchObject({ outcome: "changedByOthers" }), patient);
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
    await vi.waitFor(
      () => expect(last()).toMatchObject({ state: "revert", outcome: "done" }),
      patient,
    );
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
    const { set, ended, clock, peer, said } = await started(soonSilent);
    const id = set(60, { revertAfterMs: 60_000 });
    await ended(id);
    peer.meet(...Array.from({ length: 4 }, () => silent));
    await clock.advance(noon + 60_000);
    const reverts = () => said(id).filter(({ state }) => state === "revert");
    await vi.waitFor(() => expect(reverts()[0]).toMatchObject({ outcome: "waiting" }), patient);
    await vi.waitFor(async () => {
      await clock.advance(clock.now() + 5_000);
      expect(reverts().at(-1)).toMatchObject({ outcome: "done" });
    }, 30_000);
    expect(peer.registers.get(register)).toBe(1_000);
    expect(reverts()).toHaveLength(2);
  }, 60_000);
});
