import { describe, expect, test } from "vitest";
import { InputMapping, JsonMapping, LineMapping } from "./input-mapping.ts";
import { linesOf, parseLine } from "./line-protocol.ts";
import { filterOf, isMapped, mapJson } from "./map-json.ts";
import { mapLine } from "./map-line.ts";

const shelly = JsonMapping.parse({
  format: "json",
  gateway: "field-meters",
  topic: "shellies/{device}/+/status",
  devices: { "shellyem3-A1": "METER-01" },
  at: { pointer: "/time", unit: "s" },
  values: {
    "/emeters/0/power": { point: "ac.power.active", unit: "kW" },
    "/total": { point: "ac.energy.export.total", unit: "kWh" },
    "/relay": { point: "ac.frequency" },
  },
});
const modbus = LineMapping.parse({
  ...{ format: "lineProtocol", gateway: "field-telegraf" },
  ...{ measurement: "modbus", deviceTag: "name" },
  values: {
    power: { point: "ac.power.active", unit: "kW" },
    total: { point: "ac.energy.export.total" },
  },
});

describe("a mapping document", () => {
  test("tells every fault at once, each with its place", () => {
    const wrong = {
      ...{ format: "json", gateway: "_api", topic: "sunledger/v1/#", more: 1 },
      values: {
        power: { point: "ac.power.active" },
        "/a": { point: "ac.power.nonsense" },
        "/b": { point: "ac.voltage.an", unit: "kWh" },
        "/c": { point: "ac.frequency" },
        "/d": { point: "ac.frequency" },
      },
    };
    const { error } = InputMapping.safeParse(wrong);
    const places = error?.issues.map(({ path }) => path.join(" "));

    expect(places).toEqual(
      expect.arrayContaining([
        ...["gateway", "topic", "values power", "values /a point", "values /b unit", ""],
      ]),
    );
  });

  test("names a point once, and its device in one way", () => {
    const two = { "/c": { point: "ac.frequency" }, "/d": { point: "ac.frequency" } };
    const { error } = JsonMapping.safeParse({ ...shelly, values: two });
    expect(error?.issues[0]).toMatchObject({
      path: ["values", "/d"],
      message: "ac.frequency is mapped from /c already",
    });
    const { error: device } = JsonMapping.safeParse({ ...shelly, device: "METER-01" });
    expect(device?.issues[0]?.path).toEqual(["device"]);
    expect(JsonMapping.safeParse({ ...shelly, topic: "a/b" }).success).toBe(false);
  });

  test.each(["+/v1/+/{device}", "{device}/status", "sunledger/v1/+/{device}"])(
    "cannot have the topic %s, which may be the house's own",
    (topic) => {
      const { error } = JsonMapping.safeParse({ ...shelly, topic });
      expect(error?.issues.map(({ path }) => path)).toEqual([["topic"]]);
    },
  );
});

describe("a JSON message", () => {
  const topic = "shellies/shellyem3-A1/x/status";
  const map = (content: unknown, at = topic) => mapJson(shelly, at, JSON.stringify(content));

  test("becomes values in canonical units, counters apart from the rest", () => {
    const content = {
      time: 1_780_000_000,
      emeters: [{ power: 1.25 }],
      total: "12345.678",
      relay: true,
    };

    expect(map(content)).toEqual({
      ok: true,
      mapped: {
        ...{ device: "METER-01", at: 1_780_000_000_000 },
        lanes: {
          values: { points: ["ac.frequency", "ac.power.active"], values: [1, 1_250] },
          counters: { points: ["ac.energy.export.total"], values: [12_345_678] },
        },
      },
    });
  });

  test("has what it has: what is absent is absent, and never zero", () => {
    const answer = map({ time: 1, total: 7, relay: null });
    expect(answer).toMatchObject({ mapped: { lanes: { counters: { values: [7_000] } } } });
    expect(answer).not.toHaveProperty("mapped.lanes.values");
  });

  test.each([
    ["{", "it is not JSON"],
    ['{"time":1}', "nothing that is mapped is in it"],
    ['{"time":"soon","total":1}', "/time is no time"],
    ['{"time":1,"total":"much"}', "/total is not a number"],
    ['{"time":1,"total":[1]}', "/total is not a number"],
  ])("%s cannot be used: %s", (payload, reason) => {
    expect(mapJson(shelly, topic, payload)).toEqual({ ok: false, reason });
  });

  test.each([
    ["9007199254740993", "kWh", "9007199254740993000"],
    ["9007199254740.993", "kWh", "9007199254740993"],
    ["9007199254740993", "Wh", "9007199254740993"],
    ["9007199254740993.25", "Wh", "9007199254740993.25"],
    ['"9007199254740993.25"', "Wh", "9007199254740993.25"],
    ["12345.5", "Wh", 12_345.5],
    ["1.50e3", "Wh", 1_500],
  ])("has the digits of a counter as they are written: %s %s", (total, unit, value) => {
    const values = { "/total": { point: "ac.energy.export.total", unit } };
    const answer = mapJson({ ...shelly, values }, topic, `{"time":1,"total":${total}}`);
    expect(answer).toMatchObject({ mapped: { lanes: { counters: { values: [value] } } } });
  });

  test("is asked for by a filter, and known by its topic", () => {
    expect(filterOf(shelly)).toBe("shellies/+/+/status");
    expect(isMapped(shelly, topic)).toBe(true);
    expect(isMapped(shelly, "shellies/a/b/other")).toBe(false);
    expect(isMapped(shelly, "shellies/a/status")).toBe(false);
    expect(map({ time: 1, total: 1 }, "shellies/INV-07/x/status")).toMatchObject({
      mapped: { device: "INV-07" },
    });
  });

  test("says its time as the mapping reads it", () => {
    const at = (unit: string, told: unknown) => {
      const mapping = JsonMapping.parse({ ...shelly, at: { pointer: "/time", unit } });
      return mapJson(mapping, topic, JSON.stringify({ time: told, total: 1 }));
    };
    const noon = { mapped: { at: Date.UTC(2026, 5, 1, 4) } };
    expect(at("iso", "2026-06-01T12:00:00+08:00")).toMatchObject(noon);
    expect(at("ms", Date.UTC(2026, 5, 1, 4))).toMatchObject(noon);
    expect(at("us", Date.UTC(2026, 5, 1, 4) * 1e3)).toMatchObject(noon);
    expect(at("iso", "2026-06-01T12:00:00")).toMatchObject({ ok: false });
  });
});

describe("line protocol", () => {
  test("is read with its escapes, quotes and types", () => {
    const line = parseLine(
      'my\\ meter,na\\,me=a\\=b,x=y power=1.5e3,count=12i,big=18446744073709551615u,on=t,text="a, \\"b\\" c=d" 1780000000',
    );

    expect(line).toEqual({
      measurement: "my meter",
      tags: new Map([
        ["na,me", "a=b"],
        ["x", "y"],
      ]),
      fields: new Map<string, unknown>([
        ["power", { kind: "number", text: "1.5e3" }],
        ["count", { kind: "number", text: "12" }],
        ["big", { kind: "number", text: "18446744073709551615" }],
        ["on", { kind: "boolean", is: true }],
        ["text", { kind: "text", text: 'a, "b" c=d' }],
      ]),
      time: 1_780_000_000n,
    });
  });

  test("has no lines in comments and in emptiness, and texts may break lines", () => {
    const lines = linesOf('# c\n\nm f=1\nm f="a\nb"\n');
    expect(lines.map(parseLine).filter((line) => line !== undefined)).toHaveLength(2);
  });

  test.each([['m,name="INV-01 f=1 1'], ['# x="'], ["m,name=a f=1 1\\"], ["m,name=a\\"]])(
    "a line as %s takes none that follow with it",
    (first) => {
      const lines = linesOf(`${first}\nm f=2\n`);
      expect(lines).toEqual([first, "m f=2", ""]);
    },
  );

  test("a quote in a tag is a sign like any other", () => {
    expect(parseLine('m,name="a,x="b c" f="d e"')).toEqual({
      reason: `invalid field format: 'c"'`,
    });
    expect(parseLine('m,name="a,x="b f="d, e" 7')).toMatchObject({
      tags: new Map([
        ["name", '"a'],
        ["x", '"b'],
      ]),
      fields: new Map([["f", { kind: "text", text: "d, e" }]]),
      time: 7n,
    });
  });

  test.each([
    ["m", "missing fields"],
    [",a=b f=1", "missing measurement"],
    ["m,a f=1", "invalid tag: 'a'"],
    ["m f=", "invalid field format: 'f='"],
    ["m f=x", "invalid field value: 'x'"],
    ["m f=1 soon", "bad timestamp"],
    ["m f=1 1 1", "invalid line: more than a timestamp after the fields"],
  ])("%s is refused: %s", (text, reason) => {
    expect(parseLine(text)).toEqual({ reason });
  });

  test.each([
    ["ns", "1780000000123456789", 1_780_000_000_123],
    ["us", "1780000000123456", 1_780_000_000_123],
    ["ms", "1780000000123", 1_780_000_000_123],
    ["s", "1780000000", 1_780_000_000_000],
  ] as const)("its time is in %s", (precision, time, at) => {
    const line = parseLine(`modbus,name=INV-01 power=2.5,total=18446744073709551615u ${time}`);
    if (!line || "reason" in line) throw new Error("unread");
    expect(mapLine(modbus, line, precision)).toEqual({
      ok: true,
      mapped: {
        ...{ device: "INV-01", at },
        lanes: {
          values: { points: ["ac.power.active"], values: [2_500] },
          counters: { points: ["ac.energy.export.total"], values: ["18446744073709551615"] },
        },
      },
    });
  });

  test("without its device it cannot be used", () => {
    const line = parseLine("modbus power=1");
    if (!line || "reason" in line) throw new Error("unread");
    expect(mapLine(modbus, line, "ns")).toEqual({ ok: false, reason: "tag name is missing" });
  });
});
