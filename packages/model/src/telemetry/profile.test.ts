import { describe, expect, test } from "vitest";
import { cataloguePoints } from "./point-catalogue.ts";
import { DeviceProfile, profileFaults, resolveProfile } from "./profile.ts";

const models = new Map([
  ["103", new Set([":W", ":WH"])],
  ["160", new Set([":N", "module:DCW"])],
]);

describe("the shape of a device profile", () => {
  test("a plain one passes", () => {
    expect(DeviceProfile.safeParse(profile()).success).toBe(true);
  });

  test.each<[string, object, string]>([
    ["an unknown part", { colour: "red" }, "colour"],
    ["another format", { format: 2 }, "format"],
    ["an id that is no file name", { id: "Roof Meter" }, "id"],
    ["a read of more than 125 registers", { limits: { maxRegistersPerRead: 126 } }, "limits"],
    ["no source", { sources: [] }, "sources"],
    ["a name of one word", points({ name: "power" }), "points.0.name"],
    ["an address in 40001 style", points({ address: 400_001 }), "points.0.address"],
    ["a scale of 0", points({ scale: 0 }), "points.0.scale"],
    ["a mark in lower case", points({ invalid: "0xffff" }), "points.0.invalid"],
    ["neither address nor SunSpec", points({ address: undefined }), "points.0"],
    ["both address and SunSpec", points({ sunspec: ["103:W"] }), "points.0"],
    ["a string without length", points({ type: "string" }), "points.0"],
    ["a length without string", points({ length: 2 }), "points.0"],
    ["writing without rules", points({ access: "rw" }), "points.0"],
    ["rules without writing", points({ write: { guard: "confirm" } }), "points.0"],
    ["a regular expression that is none", { identify: [{ ...item, matches: "(" }] }, "identify"],
    ["a state code that is no number", { enums: { t: { on: { label: "On" } } } }, "enums.t"],
    ["bit 64", { bitfields: { t: { "64": { label: "?" } } } }, "bitfields.t"],
  ])("%s is refused", (_name, change, place) => {
    const result = DeviceProfile.safeParse({ ...profile(), ...change });

    const places = result.error?.issues.map(({ path }) => path.join(".")) ?? [];
    const keys = result.error?.issues.flatMap((i) =>
      i.code === "unrecognized_keys" ? i.keys : [],
    );
    expect([...places, ...(keys ?? [])].some((p) => p.startsWith(place))).toBe(true);
  });
});

describe("what a shape cannot say", () => {
  test("a sound profile has no fault", () => {
    expect(faultsOf({})).toEqual([]);
  });

  test.each<[string, object, string, string]>([
    ["extends", { extends: "nowhere" }, "extends", "extends an unknown profile: nowhere"],
    [
      "name",
      points({ name: "ac.power.unheard" }),
      first("ac.power.unheard"),
      "not in the catalogue",
    ],
    ["unit", points({ unit: "V" }), first(), 'unit "V", the catalogue has "W"'],
    ["source", points({ src: ["hearsay"] }), first(), "unknown source hearsay"],
    [
      "address space",
      points({ address: 65_535 }),
      first(),
      "runs over the end of the address space",
    ],
    [
      "longest read",
      { ...points({}), limits: { maxRegistersPerRead: 1 } },
      first(),
      "longer than a read may be",
    ],
    [
      "width of the mark",
      points({ invalid: "0x8000" }),
      first(),
      "invalid value 0x8000 has not the width of int32",
    ],
    ["table", points({ enum: "states" }), first(), "no table states"],
    ["table of a model", points({ enumByModel: { "701": "more" } }), first(), "no table more"],
    ["bits", points({ bits: "alarms" }), first(), "no table alarms"],
    [
      "ratio",
      points({ multiplyBy: ["ratio.ct"] }),
      first(),
      "multiplies by a point that is not there: ratio.ct",
    ],
    [
      "access",
      points({ access: "rw", write: { guard: "confirm" } }),
      first(),
      "only set-points may be written",
    ],
    [
      "required point",
      setpoint({ requires: [{ name: "setpoint.activePower.enable" }] }),
      first(limit),
      "requires a point that is not there: setpoint.activePower.enable",
    ],
    [
      "maximum",
      setpoint({ maxFrom: "rating.activePower" }),
      first(limit),
      "takes its maximum from a point that is not there: rating.activePower",
    ],
    [
      "switch",
      setpoint({ enabledBy: { name: "setpoint.activePower.enable", equals: 1 } }),
      first(limit),
      "is enabled by a point that is not there: setpoint.activePower.enable",
    ],
    ["range", setpoint({ min: 5, max: 5 }), first(limit), "min is not below max"],
    [
      "SunSpec point",
      { points: [{ ...sunspecPoint, sunspec: ["103:Nothing"] }] },
      first(),
      "no such SunSpec point: 103:Nothing",
    ],
    [
      "SunSpec group",
      { points: [{ ...sunspecPoint, sunspec: [{ ref: "160:string[1]:DCW", scale: 1 }] }] },
      first(),
      "no such SunSpec point: 160:string[1]:DCW",
    ],
    [
      "identifying point",
      { identify: [{ ...item, name: "id.unheard" }] },
      "identify id.unheard",
      "not in the catalogue",
    ],
    [
      "identifying text",
      { identify: [{ ...item, type: "string" }] },
      "identify id.model",
      "string without length",
    ],
    [
      "quirk",
      { quirks: [{ id: "odd", text: "Odd", src: ["hearsay"] }] },
      "quirk odd",
      "unknown source hearsay",
    ],
    ["children's profile", children({}), "children", "no profile nowhere"],
    [
      "children's units",
      children({ unit: { self: [1], range: [9, 2] } }),
      "children",
      "range of unit ids is empty",
    ],
    [
      "master's unit",
      children({ unit: { self: [7], range: [2, 9] } }),
      "children",
      "the default unit id is not one of the master's own",
    ],
    ["children's source", children({ src: ["hearsay"] }), "children", "unknown source hearsay"],
  ])("%s", (_name, change, point, reason) => {
    expect(faultsOf(change)).toContainEqual({ file: "roof-meter.json", point, reason });
  });

  test("a name twice needs to say which one wins", () => {
    const [given] = profile().points;
    const again = { ...given, address: 40 };

    expect(faultsOf({ points: [given, again] })).toEqual([
      {
        file: "roof-meter.json",
        point: "point 1 ac.power.active",
        reason: "same name again without optional or prefer",
      },
    ]);
    expect(faultsOf({ points: [given, { ...again, optional: true }] })).toEqual([]);
    expect(faultsOf({ points: [given, { ...again, prefer: true }] })).toEqual([]);
  });
});

describe("taking over another profile", () => {
  test("own points replace those of the same name and the same way of finding them", () => {
    const parent = DeviceProfile.parse({
      ...profile("parent"),
      sunspec: { baseAddresses: [0], maxModels: 9 },
      points: [sunspecPoint, { ...sunspecPoint, name: "dc.power" }],
    });
    const child = DeviceProfile.parse({
      ...profile("child"),
      extends: "parent",
      sunspec: { baseAddresses: [40_000] },
      points: [{ ...sunspecPoint, sunspec: ["103:WH"] }, ...profile().points],
    });

    const whole = resolveProfile(child, new Map([["parent", parent]]));

    expect(whole.points.map(({ name, sunspec }) => [name, sunspec?.[0]])).toEqual([
      ["dc.power", "103:W"],
      ["ac.power.active", "103:WH"],
      ["ac.power.active", undefined],
    ]);
    expect(whole.sunspec).toEqual({ baseAddresses: [40_000], maxModels: 9 });
  });

  test("two that extend each other do not go round in a circle", () => {
    const one = DeviceProfile.parse({ ...profile("one"), extends: "two" });
    const two = DeviceProfile.parse({ ...profile("two"), extends: "one", points: [] });
    const both = new Map([
      ["one", one],
      ["two", two],
    ]);

    expect(resolveProfile(one, both).points).toHaveLength(1);
  });
});

const limit = "setpoint.activePower.percent";

function first(name = "ac.power.active"): string {
  return `point 0 ${name}`;
}

function faultsOf(change: object) {
  const parsed = DeviceProfile.parse({ ...profile(), ...change });
  return profileFaults(parsed, new Map(), cataloguePoints, models);
}

function profile(id = "roof-meter") {
  return {
    format: 1,
    id,
    vendor: "Maker",
    family: "Family",
    kind: "meter",
    protocol: "modbus",
    models: ["*"],
    verification: { level: "unverified", note: "" },
    sources: [{ id: "manual", kind: "manual", title: "Manual" }],
    transport: { unit: { default: 1 } },
    limits: { maxRegistersPerRead: 50 },
    points: [
      {
        name: "ac.power.active",
        kind: "holding",
        address: 10,
        type: "int32",
        unit: "W",
        poll: "fast",
        src: ["manual"],
      },
    ],
  };
}

function points(change: object) {
  return { points: profile().points.map((point) => ({ ...point, ...change })) };
}

function setpoint(write: object) {
  return points({
    name: limit,
    unit: "percent",
    access: "rw",
    write: { guard: "confirm", ...write },
  });
}

const sunspecPoint = {
  name: "ac.power.active",
  sunspec: ["103:W"],
  unit: "W",
  poll: "fast",
  src: ["manual"],
};

const item = { name: "id.model", kind: "holding", address: 0, type: "uint16" };

function children(change: object) {
  return {
    children: {
      addressing: "unit-id",
      unit: { self: [1], range: [2, 9] },
      assignment: "bus-address",
      members: [{ profile: "nowhere", map: "native", src: ["manual"] }],
      src: ["manual"],
      ...change,
    },
  };
}
