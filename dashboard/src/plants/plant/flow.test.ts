import { describe, expect, test } from "vitest";
import { roomOf } from "../../live/room.ts";
import { deviceStates } from "../../live/standing.ts";
import { inverter, joinedRoom, now, plantSummary } from "../../testing/sample-plant.ts";
import { plantRow } from "../overview/plant-row.ts";
import { deviationLook, peersOf } from "./deviation.ts";
import { loadOf, powerOf, sourcesOf } from "./energy-flow.ts";

const moment = { now, lost: false };

describe("an inverter beside its peers", () => {
  test("deviates from their median by power over rating", () => {
    const peers = peersWith([80_000, 80_000, 65_600, 84_000, 80_000]);

    expect(peers.map(({ deviation }) => deviation?.toFixed(3))).toEqual([
      "0.000",
      "0.000",
      "-0.180",
      "0.050",
      "0.000",
    ]);
  });

  test("is compared with nobody at dawn and at night", () => {
    expect(peersWith([400, 380, 0]).map(({ deviation }) => deviation)).toEqual([null, null, null]);
  });

  test("does not count while it is stale", () => {
    const room = roomOf(joinedRoom({ inverters: [80_000, 80_000] }));
    const late = { now: now + 60_000, lost: false };
    const peers = peersOf([inverter(1), inverter(2)], room, deviceStates(room, late), late);

    expect(peers.map(({ state, deviation }) => [state, deviation])).toEqual([
      ["stale", null],
      ["stale", null],
    ]);
  });

  test("is coloured towards amber below the median and blue above it", () => {
    expect(deviationLook(-0.18).background).toContain("--dev-lo) 100%");
    expect(deviationLook(0.04).background).toContain("--dev-hi) 48%");
  });
});

describe("the single-line diagram", () => {
  test("takes neighbours together when there are more than it has places", () => {
    const sources = sourcesOf(peersWith(Array(8).fill(80_000)));

    expect(sources.map(({ first, last, power }) => [first, last, power.value])).toEqual([
      ["INV-01", "INV-02", 160_000],
      ["INV-03", "INV-04", 160_000],
      ["INV-05", "INV-06", 160_000],
      ["INV-07", "INV-08", 160_000],
    ]);
    expect(sourcesOf(peersWith([1, 2, 3]))).toHaveLength(3);
  });

  test("derives the load from generation and what the meter says", () => {
    const exporting = roomOf(joinedRoom({ power: 640_000, grid: -420_000 }));
    const importing = roomOf(joinedRoom({ power: 0, grid: 180_000 }));

    expect(loadOf(plantRow(plantSummary(), exporting, moment)).value).toBe(220_000);
    expect(loadOf(plantRow(plantSummary(), importing, moment)).value).toBe(180_000);
  });

  test("derives no load from old values", () => {
    const room = roomOf(joinedRoom({}));

    const late = { now: now + 60_000, lost: false };

    expect(loadOf(plantRow(plantSummary(), room, late))).toMatchObject({
      value: null,
      state: "never",
    });
  });

  test("derives a load in doubt from a doubtful sum", () => {
    const row = plantRow(plantSummary(), roomOf(joinedRoom({})), moment);
    const powerW = { ...row.powerW, doubtful: true };

    expect(loadOf({ ...row, powerW })).toMatchObject({ value: 240_000, doubtful: true });
    const late = { ...row.exportW, state: "late" as const };
    expect(loadOf(row).state).toBe("live");
    expect(loadOf({ ...row, exportW: late }).state).toBe("late");
  });

  test("shows nothing of a group of which fewer than half report", () => {
    const room = roomOf(joinedRoom({ inverters: [80_000, 80_000, 80_000] }));
    for (const device of ["inverter-1", "inverter-2"]) {
      room.reach.set(device, { state: "unreachable", since: now });
    }
    const peers = peersOf(
      [1, 2, 3].map((n) => inverter(n)),
      room,
      deviceStates(room, moment),
      moment,
    );

    expect(powerOf(peers)).toMatchObject({
      value: null,
      coverage: { reporting: 1, total: 3 },
    });
    expect(powerOf(peers.slice(1))).toMatchObject({ value: 80_000, doubtful: true });
  });

  test("takes sleepers for idle, whatever they have said last", () => {
    const room = roomOf(joinedRoom({ inverters: [1_200, 900] }));
    for (const device of room.reach.keys()) room.reach.set(device, { state: "asleep", since: now });
    const night = { now: now + 4 * 3_600_000, lost: false };
    const devices = [inverter(1), inverter(2)];
    const peers = peersOf(devices, room, deviceStates(room, night), night);

    expect(powerOf(peers)).toMatchObject({
      value: 0,
      state: "asleep",
      coverage: { reporting: 0, total: 2, asleep: 2 },
    });
    expect(sourcesOf(peers)).toMatchObject([
      { known: 1, state: "asleep" },
      { known: 1, state: "asleep" },
    ]);
  });

  test("counts a suspect value in doubt and a failed one not at all", () => {
    const peers = peersWith([80_000, 80_000, 80_000]);
    const flagged = (flag: "suspect" | "failed") =>
      peers.map((peer, n) =>
        n === 0 && peer.power ? { ...peer, power: { ...peer.power, flag } } : peer,
      );

    expect(powerOf(flagged("suspect"))).toMatchObject({ value: 240_000, doubtful: true });
    expect(powerOf(flagged("failed"))).toMatchObject({
      value: 160_000,
      doubtful: true,
      coverage: { reporting: 2, total: 3 },
    });
  });
});

function peersWith(watts: readonly number[]) {
  const room = roomOf(joinedRoom({ inverters: watts }));
  const devices = watts.map((_, index) => inverter(index + 1));
  return peersOf(devices, room, deviceStates(room, moment), moment);
}
