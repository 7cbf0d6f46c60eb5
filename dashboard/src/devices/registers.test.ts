import type { DeviceDetail } from "@sunledger/model";
import { describe, expect, test } from "vitest";
import { roomOf } from "../live/room.ts";
import { familyOf } from "../points/point-label.ts";
import { inverter, now } from "../testing/sample-plant.ts";
import { deviceSearch } from "./device-search.ts";
import { rememberedPins } from "./pinned-points.ts";
import { qualityOf } from "./quality.ts";
import { rangeOf } from "./range-of.ts";
import { rawCount } from "./raw-count.ts";
import { found, groupOf, registerRows } from "./register-row.ts";
import { chosenPoints } from "./use-chosen-points.ts";

const moment = { now, lost: false };
const label = (point: string) => `label of ${point}`;

describe("the register table", () => {
  test("shows the live value, and what was last read where the room has none", () => {
    const rows = registerRows({
      device: device(),
      latest: [
        { point: "ac.power.active", value: 1, at: now - 60_000 },
        { point: "state.vendor", value: null, at: now - 500, flag: "notImplemented" },
      ],
      room: room(),
      moment,
      state: "live",
      label,
    });

    expect(rows.map(({ point, standing }) => [point.name, standing.value, standing.state])).toEqual(
      [
        ["ac.power.active", 67_000, "live"],
        ["dc.power", null, "never"],
        ["state.vendor", null, "live"],
      ],
    );
  });

  test("makes every row offline when the device does not answer", () => {
    const gone = room();
    gone.reach.set("inverter-1", { state: "unreachable", since: now });
    const rows = registerRows({
      device: device(),
      latest: [],
      room: gone,
      moment,
      state: "offline",
      label,
    });

    expect(new Set(rows.map(({ standing }) => standing.state))).toEqual(new Set(["offline"]));
  });

  test("shows no row fresher than a device that has fallen silent", () => {
    const slow = { ...point("ac.energy.total", "Wh"), everyMs: 60_000 };
    const rows = registerRows({
      device: { ...device(), points: [slow] },
      latest: [{ point: slow.name, value: 5, at: now - 20_000 }],
      ...{ room: room(), moment, state: "stale", label },
    });

    expect(rows.map(({ standing }) => [standing.state, standing.at])).toEqual([
      ["stale", now - 20_000],
    ]);
  });

  test.each([
    [67_000, undefined, "good"],
    [67_000, "suspect", "suspect"],
    [null, "notImplemented", "notImplemented"],
    [null, undefined, "missing"],
  ] as const)("says of %s flagged %s that it is %s", (value, flag, quality) => {
    expect(qualityOf({ value, flag })).toBe(quality);
  });

  test.each([
    ["ac.power.active", "W", { from: 0, to: 110_000 }],
    ["ac.power.reactive", "var", { from: -110_000, to: 110_000 }],
    ["dc.power", "W", undefined],
    ["met.humidity", "percent", { from: 0, to: 100 }],
    ["ac.frequency", "Hz", undefined],
  ])("knows the range of %s where the device has a rating", (name, unit, range) => {
    expect(rangeOf(point(name, unit), { kind: "inverter", ratedAcW: 110_000 })).toEqual(range);
  });

  test.each([
    ['["dc.power"]', ["dc.power"]],
    ["{", []],
    ['{"a":1}', []],
    [null, []],
  ])("keeps on top what %s names", (kept, pins) => {
    expect(rememberedPins({ getItem: () => kept }, "key")).toEqual(pins);
  });

  test.each([
    [67.1, 0.1, "671"],
    [67_100, 100, "671"],
    ["18446744073709551615", 1, "18446744073709551615"],
    ["18446744073709551615", 10, undefined],
    [67.1, undefined, undefined],
    [null, 1, undefined],
  ])("of value %s counted in %s holds %s", (value, scale, count) => {
    expect(rawCount(value, scale === undefined ? {} : { scale })).toBe(count);
  });

  test("is searched by name, canonical name and source", () => {
    const rows = registerRows({
      ...{ device: device(), latest: [], room: undefined },
      ...{ moment, state: "live", label },
    });
    const names = (text: string) => found(rows, text).map(({ point }) => point.name);

    expect(names("LABEL OF DC")).toEqual(["dc.power"]);
    expect(names("103:w")).toEqual(["ac.power.active"]);
    expect(names("  ")).toHaveLength(3);
  });

  test.each([
    ["ac.power.active", "ac"],
    ["rating.activePower", "id"],
    ["event.1", "state"],
    ["gateway.uptime", "state"],
  ])("puts %s into %s", (point, group) => {
    expect(groupOf(point)).toBe(group);
  });
});

test("numbered points belong to a family", () => {
  expect(familyOf("dc.mppt.12.power")).toEqual({ family: "dc.mppt.#.power", number: "12" });
  expect(familyOf("met.irradiance.poa.2")).toEqual({ family: "met.irradiance.poa.#", number: "2" });
  expect(familyOf("ac.frequency")).toEqual({ family: "ac.frequency" });
});

describe("the address of a device", () => {
  test.each([
    [undefined, ["a"]],
    [[], []],
    [["nosuch"], ["a"]],
    [["nosuch", "b"], ["b"]],
  ])("that asks for %j draws %j", (asked, drawn) => {
    expect(chosenPoints(asked, new Set(["a", "b"]), ["a"])).toEqual(drawn);
  });

  test("holds at most six points and nothing that it does not know", () => {
    const points = ["a", "b", "c", "d", "e", "f", "g"];

    expect(
      deviceSearch({
        points: ["a", ...points],
        period: "7d",
        find: "ac",
        engineer: true,
        other: 1,
      }),
    ).toEqual({
      points: points.slice(0, 6),
      period: "7d",
      find: "ac",
      engineer: true,
    });
    expect(deviceSearch({ points: "a", period: "2026-13-45", from: 5, to: 1, find: 3 })).toEqual(
      {},
    );
  });
});

function point(name: string, unit: string, source?: string) {
  return { name, unit, kind: "gauge" as const, everyMs: 1_000, ...(source ? { source } : {}) };
}

function device(): DeviceDetail {
  return {
    ...inverter(1),
    points: [
      point("state.vendor", ""),
      point("dc.power", "W"),
      point("ac.power.active", "W", "103:W"),
    ],
    texts: {},
  };
}

function room() {
  return roomOf({
    ok: true,
    room: "device:1",
    at: now,
    table: [[1, "inverter-1", "ac.power.active", "W", 1_000]],
    snapshot: [[1, 67_000, now]],
    devices: { "inverter-1": { state: "reachable", since: null } },
    coverage: {},
  });
}
