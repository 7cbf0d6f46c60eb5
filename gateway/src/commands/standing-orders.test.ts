import { afterEach, describe, expect, test, vi } from "vitest";
import { refuses } from "../../../tests/support/modbus-peer/misbehaviour.ts";
import { answersRightly } from "../../../tests/support/modbus-peer/modbus-peer.ts";
import type { Behaviour } from "../../../tests/support/modbus-peer/peer-request.ts";
import { patient } from "../../../tests/support/patient.ts";
import { type Bench, type BenchOptions, bench, noon, percent } from "./testing/bench.ts";

let one: Bench | undefined;
afterEach(async () => {
  await one?.close();
  one = undefined;
});

const register = 100;
const inAMinute = { revertAfterMs: 60_000 };

describe("an order for a time over one without an end (gateway trait 22)", () => {
  test("brings that one back, not what was there before it", async () => {
    const { set, ended, clock, holds, notes } = await started();
    await ended(set(90));
    await ended(set(80));
    await ended(set(60, inAMinute));

    await clock.advance(noon + 60_000);
    await holds(800);
    await vi.waitFor(
      () => expect(notes.at(-1)).toMatchObject({ kind: "reverted", before: "60", after: "80" }),
      patient,
    );
  });

  test("brings it back over a restart, too", async () => {
    const { set, ended, clock, holds, restart } = await started();
    await ended(set(80));
    await ended(set(60, inAMinute));
    await restart();
    await clock.advance(noon + 60_000);
    await holds(800);
  });

  test("leaves it to be released to what was there before the first", async () => {
    const { set, ended, order, clock, holds, notes } = await started();
    await ended(set(90));
    await ended(set(80));
    await ended(set(60, inAMinute));
    await clock.advance(noon + 60_000);
    await vi.waitFor(() => expect(notes.at(-1)).toMatchObject({ kind: "reverted" }), patient);

    const id = order({ kind: "release", device: "INV-01", point: percent });
    expect(await ended(id)).toMatchObject({ state: "done", written: { readBack: 100 } });
    await holds(1_000);
  });

  test("brings it back after a second order for a time", async () => {
    const { set, ended, clock, holds } = await started();
    await ended(set(80));
    await ended(set(60, { revertAfterMs: 30_000 }));
    await ended(set(40, inAMinute));
    await clock.advance(noon + 60_000);
    await holds(800);
  });

  test("is released to what was there before the first", async () => {
    const { set, ended, order, holds } = await started();
    await ended(set(80));
    await ended(set(60, inAMinute));
    await ended(order({ kind: "release", device: "INV-01", point: percent }));
    await holds(1_000);
  });

  test("brings back what somebody else has set in between", async () => {
    const { set, ended, peer, clock, holds } = await started();
    await ended(set(80));
    peer.registers.set(register, 700);
    await ended(set(60, inAMinute));
    await clock.advance(noon + 60_000);
    await holds(700);
  });
});

describe("a ramp", () => {
  const most50 = { commands: { allow: [{ device: "INV-*", point: "setpoint.*", min: 30 }] } };

  test("may begin below what the file allows", async () => {
    const { set, ended, peer, clock, notes } = await started({ config: most50 });
    peer.registers.set(register, 0);
    const id = set(50, { rampPerSecond: 20 });
    const end = ended(id);
    await vi.waitFor(async () => {
      await clock.advance(clock.now() + 100);
      expect(peer.writes).toHaveLength(3);
    }, 30_000);
    expect(await end).toMatchObject({ state: "done", written: { previous: 0, readBack: 50 } });
    expect(peer.writes.map(({ words }) => words[0])).toEqual([200, 400, 500]);
    expect(notes).toMatchObject([{ kind: "written", before: "0", after: "50" }]);
  });

  test("is one of the orders that a minute allows", async () => {
    const rates = { commands: { ...most50.commands, writesAMinute: 2 } };
    const { set, ended, peer, clock } = await started({ config: rates });
    const id = set(95, { rampPerSecond: 1 });
    await vi.waitFor(async () => {
      await clock.advance(clock.now() + 100);
      expect(peer.writes).toHaveLength(5);
    }, 30_000);
    await ended(id);
    expect(await ended(set(60))).toMatchObject({ state: "done" });
  });

  test("is no slower for a device that takes its time", async () => {
    const { set, ended, clock } = await startedSlow(1_000);
    const id = set(97, { rampPerSecond: 1 });
    expect(await ended(id)).toMatchObject({ state: "done", written: { readBack: 97 } });
    expect(clock.now()).toBe(noon + 3_000);
  });

  test("is no steeper where a step had to wait for its turn", async () => {
    const busy = refuses(6);
    const told: number[] = [];
    const { set, ended, own, clock } = await started({
      async usual(request) {
        const isSecond = request.code === 6 && told.length === 2;
        if (isSecond) await clock.advance(clock.now() + 600);
        return isSecond ? busy(request) : answersRightly(request);
      },
    });
    const stopping = new AbortController();
    const traced = own.trace({ forMs: 60_000, most: 1_000, signal: stopping.signal }, (piece) => {
      if (piece.direction === "sent" && piece.hex.startsWith("06", 14)) told.push(clock.now());
    });
    const end = ended(set(70, { rampPerSecond: 10 }));
    await vi.waitFor(async () => {
      await clock.advance(clock.now() + 100);
      expect(told).toHaveLength(4);
    }, patient);
    expect(await end).toMatchObject({ state: "done", written: { readBack: 70 } });
    stopping.abort();
    await traced;

    // The second step was sent twice: the rest counts from when the device heard it.
    const [, , heard = 0, last = 0] = told;
    expect(last - heard).toBeGreaterThanOrEqual(1_000);
  });

  test("ends with its order, however long its device takes", async () => {
    const { set, ended, peer, notes, holds } = await startedSlow(3_000);
    const end = await ended(set(95, { rampPerSecond: 1, revertAfterMs: 6_000 }));

    const reason = "its time was over, and it was stopped at 98";
    expect(end).toMatchObject({ state: "failed", code: "cancelled", reason });
    await holds(1_000);
    const kinds = () => notes.map(({ kind }) => kind);
    await vi.waitFor(() => expect(kinds()).toEqual(["written", "reverted"]), patient);
    expect(peer.writes.map(({ words }) => words[0])).toEqual([990, 980, 1_000]);
  });

  test("that is cancelled is on record with what it reached", async () => {
    const { set, order, ended, peer, notes } = await started();
    const id = set(50, { rampPerSecond: 1 });
    await vi.waitFor(() => expect(peer.writes).toHaveLength(1), patient);
    await ended(order({ kind: "cancel", id }));
    await ended(id);
    expect(notes).toMatchObject([{ kind: "written", before: "100", after: "99" }]);
  });
});

async function started(options?: BenchOptions) {
  one = await bench(options);
  const { peer } = one;
  const holds = (raw: number) =>
    vi.waitFor(() => expect(peer.registers.get(register)).toBe(raw), patient);
  return { ...one, holds };
}

/** A device that takes so long by the clock to answer a write. */
async function startedSlow(tookMs: number) {
  const usual: Behaviour = async (request) => {
    const { clock } = one ?? {};
    if (request.code === 6) await clock?.advance(clock.now() + tookMs);
    answersRightly(request);
  };
  return started({ usual });
}
