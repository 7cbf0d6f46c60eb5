import { afterEach, describe, expect, test, vi } from "vitest";
import { refuses } from "../../../tests/support/modbus-peer/misbehaviour.ts";
import { answersRightly } from "../../../tests/support/modbus-peer/modbus-peer.ts";
import type { Behaviour } from "../../../tests/support/modbus-peer/peer-request.ts";
import { patient } from "../../../tests/support/patient.ts";
import { deviceImage } from "../sunspec/testing/device-image.ts";
import { allowed, type Bench, bench, noon, percent } from "./testing/bench.ts";

const enable = "setpoint.activePower.enable";

let one: Bench | undefined;
afterEach(async () => {
  await one?.close();
  one = undefined;
});

/** Where the values of the third model begin, behind the marker, model 1 and model 103. */
const third = 40_124;

describe.each([
  ["123", "WMaxLim_Ena", { limitAt: third + 3, enableAt: third + 7 }],
  ["704", "WMaxLimPctEna", { limitAt: third + 13, enableAt: third + 12 }],
])("the limit of SunSpec model %s, which counts while %s is 1", (model, name, at) => {
  const { limitAt, enableAt } = at;

  test("is written, then switched on, both read back; and switched off before it comes back", async () => {
    const { set, ended, clock, peer, notes } = await started(0);
    const id = set(60, { revertAfterMs: 60_000 });
    expect(await ended(id)).toMatchObject({
      ...{ state: "done", written: { point: percent, words: [600], readBack: 60, previous: 100 } },
    });
    expect(writesOf(one)).toEqual([
      [limitAt, 600],
      [enableAt, 1],
    ]);
    expect(notes).toMatchObject([
      { point: enable, kind: "written", before: "0", after: "1" },
      { point: percent, kind: "written", before: "100", after: "60" },
    ]);

    await clock.advance(noon + 60_000);
    await vi.waitFor(() => expect(peer.registers.get(limitAt)).toBe(1_000), patient);
    expect(writesOf(one).slice(2)).toEqual([
      [enableAt, 0],
      [limitAt, 1_000],
    ]);
    await vi.waitFor(
      () =>
        expect(notes.slice(2)).toMatchObject([
          { point: percent, kind: "reverted", after: "100" },
          { point: enable, kind: "reverted", before: "1", after: "0" },
        ]),
      patient,
    );
  });

  test("leaves on what was on", async () => {
    const { set, ended, order } = await started(1);
    await ended(set(60));
    await ended(order({ kind: "release", device: "INV-01", point: percent }));
    expect(writesOf(one)).toEqual([
      [limitAt, 600],
      [limitAt, 1_000],
    ]);
  });

  test("is switched off by the release of the last of several orders, over a restart", async () => {
    const { set, ended, order, restart } = await started(0);
    await ended(set(60));
    await ended(set(40));
    await restart();
    const id = order({ kind: "release", device: "INV-01", point: percent });
    expect(await ended(id)).toMatchObject({ state: "done", written: { readBack: 100 } });
    expect(writesOf(one)).toEqual([
      [limitAt, 600],
      [enableAt, 1],
      [limitAt, 400],
      [enableAt, 0],
      [limitAt, 1_000],
    ]);
  });

  test("has failed where it cannot be switched on, and comes back all the same", async () => {
    const { set, ended, clock, peer } = await started(0, (request) => {
      const isSwitch = request.words.length > 0 && request.address === enableAt;
      (isSwitch ? refuses(4) : answersRightly)(request);
    });
    const id = set(60, { revertAfterMs: 60_000 });
    expect(await ended(id)).toMatchObject({
      ...{ state: "failed", code: "exception", written: { point: percent, readBack: 60 } },
      reason: expect.stringContaining(enable),
    });
    await clock.advance(noon + 60_000);
    await vi.waitFor(() => expect(peer.registers.get(limitAt)).toBe(1_000), patient);
    expect(peer.registers.get(enableAt)).toBe(0);
  });

  test("is not brought back over what somebody else has set since", async () => {
    const { set, ended, clock, peer, said } = await started(0);
    const id = set(60, { revertAfterMs: 60_000 });
    await ended(id);
    peer.registers.set(limitAt, 300);
    await clock.advance(noon + 60_000);
    await vi.waitFor(
      () => expect(said(id).at(-1)).toMatchObject({ outcome: "changedByOthers" }),
      patient,
    );
    expect([peer.registers.get(limitAt), peer.registers.get(enableAt)]).toEqual([300, 1]);
  });

  test("is on from the first step of its ramp", async () => {
    const { set, ended, clock } = await started(0);
    const id = set(98, { rampPerSecond: 1 });
    await vi.waitFor(() => expect(writesOf(one)).toHaveLength(2), patient);
    await clock.advance(noon + 1_000);
    expect(await ended(id)).toMatchObject({ state: "done" });
    expect(writesOf(one)).toEqual([
      [limitAt, 990],
      [enableAt, 1],
      [limitAt, 980],
    ]);
  });

  async function started(on: number, usual: Behaviour = answersRightly): Promise<Bench> {
    const image = deviceImage([
      { ID: 1, Mn: "Bench", Md: "B50", SN: "1" },
      { ID: 103, W: 5_000, W_SF: 0, St: 4 },
      { ID: Number(model), WMaxLimPct: 1_000, WMaxLimPct_SF: -1, [name]: on },
    ]);
    one = await bench({ config: allowed, profile: "sunspec", registers: image, usual });
    return one;
  }
});

describe("what else SunSpec model 123 switches on by itself", () => {
  test.each([
    ["setpoint.powerFactor", "OutPFSet", -0.9, [-900, 8], 12],
    ["setpoint.reactivePower.percent", "VArWMaxPct", 40, [400, 13], 20],
  ] as const)(
    "%s counts while its own switch is on",
    async (point, name, value, told, switchAt) => {
      const [word, at] = told;
      const image = deviceImage([
        { ID: 1, Mn: "Bench", Md: "B50", SN: "1" },
        { ID: 103, W: 5_000, W_SF: 0, St: 4 },
        {
          ...{ ID: 123, OutPFSet: 1_000, OutPFSet_SF: -3, OutPFSet_Ena: 0 },
          ...{ VArWMaxPct: 0, VArPct_SF: -1, VArPct_Ena: 0, [name]: 100 },
        },
      ]);
      one = await bench({ config: allowed, profile: "sunspec", registers: image });
      const { order, ended, peer } = one;
      const set = { kind: "set", device: "INV-01", point, value };

      expect(await ended(order(set))).toMatchObject({
        state: "done",
        written: { readBack: value },
      });
      expect(writesOf(one)).toEqual([
        [third + at, word & 0xffff],
        [third + switchAt, 1],
      ]);
      await ended(order({ kind: "release", device: "INV-01", point }));
      expect([peer.registers.get(third + switchAt), peer.registers.get(third + at)]).toEqual([
        0, 100,
      ]);
    },
  );
});

function writesOf(bench: Bench | undefined): number[][] {
  return (bench?.peer.writes ?? []).map(({ address, words }) => [address, ...words]);
}
