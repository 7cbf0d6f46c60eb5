import { afterEach, describe, expect, test, vi } from "vitest";
import {
  confirms,
  confirmsOnly,
  obeysSilently,
  refuses,
  silent,
} from "../../../tests/support/modbus-peer/misbehaviour.ts";
import { answersRightly } from "../../../tests/support/modbus-peer/modbus-peer.ts";
import { patient } from "../../../tests/support/patient.ts";
import { percent, soonSilent } from "./testing/bench.ts";
import { closeBench, started } from "./testing/started.ts";

afterEach(closeBench);

const register = 100;

describe("a write that goes wrong is never blindly repeated", () => {
  test("an answer that is lost: the device is asked what it holds", async () => {
    const { set, ended, peer } = await started(soonSilent);
    peer.meet(answersRightly, obeysSilently);
    expect(await ended(set(60))).toMatchObject({ state: "done", written: { readBack: 60 } });
    expect(peer.writes).toHaveLength(1);
  });

  test("a write that was lost: it holds what it held", async () => {
    const { set, order, ended, peer, notes } = await started(soonSilent);
    peer.meet(answersRightly, silent);
    expect(await ended(set(60))).toMatchObject({ state: "failed", code: "noAnswer" });
    expect(peer.writes).toHaveLength(1);
    expect(notes).toEqual([]);
    const release = order({ kind: "release", device: "INV-01", point: percent });
    expect(await ended(release)).toMatchObject({ code: "nothingToRelease" });
  });

  test("a device that falls silent: nobody knows, and it is brought back all the same", async () => {
    const { set, ended, peer, clock, said } = await started(soonSilent);
    peer.meet(answersRightly, obeysSilently, ...Array.from({ length: 8 }, () => silent));
    const id = set(60, { revertAfterMs: 20_000 });

    expect(await ended(id)).toMatchObject({ state: "failed", code: "outcomeUnknown" });
    expect(peer.registers.get(register)).toBe(600);
    await clock.advance(clock.now() + 20_000);
    await vi.waitFor(async () => {
      await clock.advance(clock.now() + 5_000);
      expect(peer.registers.get(register)).toBe(1_000);
    }, patient);
    expect(said(id).at(-1)).toMatchObject({ state: "revert", outcome: "done" });
  });

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

  test.each([4, 11])(
    "exception %i, which leaves open what was done: it is asked what it holds",
    async (code) => {
      const { set, order, ended, peer, notes } = await started();
      peer.meet(answersRightly, (request) => {
        obeysSilently(request);
        refuses(code)(request);
      });
      expect(await ended(set(60))).toMatchObject({ state: "done", written: { readBack: 60 } });
      expect(peer.writes).toHaveLength(1);
      expect(notes).toHaveLength(1);
      const release = order({ kind: "release", device: "INV-01", point: percent });
      expect(await ended(release)).toMatchObject({ state: "done" });
      expect(peer.registers.get(register)).toBe(1_000);
    },
  );

  test("the same, and nothing was done: it holds what it held", async () => {
    const { set, order, ended, peer, notes } = await started();
    peer.meet(answersRightly, refuses(4));
    expect(await ended(set(60))).toMatchObject({
      ...{ state: "failed", code: "exception", written: { readBack: 100 } },
      reason: expect.stringMatching(/exception 4/),
    });
    expect(notes).toEqual([]);
    const release = order({ kind: "release", device: "INV-01", point: percent });
    expect(await ended(release)).toMatchObject({ code: "nothingToRelease" });
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
