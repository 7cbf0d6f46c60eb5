import { type ImportFault, mostPayloadBytes } from "@sunledger/model";
import { describe, expect, test } from "vitest";
import { csvList } from "./csv-list.ts";
import { judgeList, type Known } from "./judge-list.ts";

const known: Known = {
  gateways: new Map([
    ["gw-1", "plant-1"],
    ["gw-2", "plant-1"],
  ]),
  profiles: new Map([
    ["huawei-sun2000", { kind: "inverter", isOfAnyKind: false }],
    ["sunspec", { kind: "inverter", isOfAnyKind: true }],
  ]),
  taken: new Map([
    [
      "plant-1",
      new Map([
        ["INV-01", {}],
        ["INV-05", { silentOf: "gw-1" }],
        ["INV-06", { silentOf: "gw-2" }],
      ]),
    ],
  ]),
};
const head = "gateway,tag,name,profile,url";
const good = "gw-1,INV-02,Roof east,huawei-sun2000,tcp://10.0.0.2:502?unit=1";

describe("a row", () => {
  test("without fault brings a device with all that it says", () => {
    const list = `${head},Name (zh),kind,rated AC kW,rated DC kW,at grid
${good},东屋顶,,110,"132,5",
gw-2,METER-01,Grid,sunspec,tcp://10.0.0.9,,Meter,,,yes`;

    expect(judge(list)).toEqual({
      ...{ rows: 2, faults: [] },
      devices: [
        {
          ...{ line: 2, gateway: "gw-1", profile: "huawei-sun2000" },
          url: "tcp://10.0.0.2:502?unit=1",
          register: {
            ...{ tag: "INV-02", name: { en: "Roof east", zh: "东屋顶" }, kind: "inverter" },
            ...{ atGrid: false, ratedAcW: 110_000, ratedDcW: 132_500 },
          },
        },
        {
          ...{ line: 3, gateway: "gw-2", profile: "sunspec", url: "tcp://10.0.0.9" },
          register: { tag: "METER-01", name: { en: "Grid" }, kind: "meter", atGrid: true },
        },
      ],
    });
  });

  test.each<[string, string, Partial<ImportFault>]>([
    ["a gateway that there is not", good.replace("gw-1", "gw-9"), { code: "gateway" }],
    ["a tag that is none", good.replace("INV-02", "INV 02"), { code: "tag", found: "INV 02" }],
    ["a tag that the plant has", good.replace("INV-02", "INV-01"), { code: "taken" }],
    [
      "a tag that another gateway of the plant has",
      good.replace("INV-02", "INV-06"),
      { code: "taken" },
    ],
    ["a unit that is no number", good.replace("unit=1", "unit=a"), { code: "url" }],
    ["a power that may be two numbers", `${good},,"1,100"`, { code: "number", found: "1,100" }],
    ["no name", good.replace("Roof east", " "), { code: "missing", column: "name" }],
    ["an unknown profile", good.replace("huawei-sun2000", "hal"), { code: "profile" }],
    ["an address that is none", good.replace("tcp:", "http:"), { code: "url" }],
    ["a kind that is none", `${good},toaster`, { code: "kind" }],
    ["another kind than its profile", `${good},meter`, { code: "foreign", column: "kind" }],
    ["a power that is no number", `${good},,much`, { code: "number", column: "ratedAcKw" }],
    ["a negative power", `${good},,-1`, { code: "number", found: "-1" }],
    ["neither yes nor no", `${good},,,constructor`, { code: "yesNo", column: "atGrid" }],
    ["more cells than the head", `${good},,,,more`, { code: "wide" }],
  ])("with %s is named by line and reason, and brings nothing", (_, row, fault) => {
    const { devices, faults } = judge(`${head},kind,ratedAcKw,atGrid\n${row}`);

    expect(faults).toMatchObject([{ line: 2, ...fault }]);
    expect(devices).toEqual([]);
  });

  test("is told all of its faults at once", () => {
    const { faults } = judge(`${head}\n,x y,,none,nowhere`);

    expect(faults.map(({ code, column }) => `${column} ${code}`)).toEqual([
      ...["gateway missing", "name missing", "tag tag", "url url", "profile profile"],
    ]);
  });

  test("that says what another has said is told that one's line", () => {
    const again = good.replace("gw-1", "gw-2");
    const sameUrl = good.replace("INV-02", "INV-03").replace(":502?unit=1", "");
    const { devices, faults } = judge([head, "", good, again, sameUrl].join("\n"));

    expect(faults).toEqual([
      { line: 4, code: "twice", column: "tag", found: "INV-02", other: 3 },
      {
        ...{ line: 5, code: "twice", column: "url", other: 3 },
        found: "tcp://10.0.0.2",
      },
    ]);
    expect(devices.map(({ line }) => line)).toEqual([3]);
  });

  test("of a device that its gateway has never heard may be brought again", () => {
    const { devices } = judge(`${head}\n${good.replace("INV-02", "INV-05")}`);

    expect(devices.map(({ register }) => register.tag)).toEqual(["INV-05"]);
  });

  test("that its gateway's message has no room for is named, and others' are not", () => {
    const long = "x".repeat(200);
    const rows = Array.from(
      { length: 1_100 },
      (_, i) => `gw-1,INV-${i + 100},Roof,huawei-sun2000,tcp://${long}${i}`,
    );
    const list = [head, ...rows, good.replace("gw-1", "gw-2")].join("\n");
    const { devices, faults } = judge(list);

    const room = devices.length - 1;
    expect(room).toBeGreaterThan(900);
    expect(devices.at(-1)?.gateway).toBe("gw-2");
    expect(faults).toHaveLength(rows.length - room);
    expect(faults[0]).toEqual({
      ...{ line: room + 2, code: "full", column: "gateway", found: "gw-1" },
    });
    const document = devices.slice(0, -1).map(({ url, profile, register: { tag } }) => {
      return { tag, url, profile };
    });
    expect(JSON.stringify(document).length).toBeLessThan(mostPayloadBytes - 4_000);
  });

  test("hides no other one: the good ones stay good", () => {
    const list = [head, good, "gw-1,,,,", good.replaceAll("02", "03").replace(".2", ".3")];
    const { rows, devices } = judge(list.join("\n"));

    expect([rows, devices.map(({ line }) => line)]).toEqual([3, [2, 4]]);
  });
});

describe("a head", () => {
  test("without a needed column says which, and nothing of the rows", () => {
    const { devices, faults } = judge("tag,name,url\nINV-02,Roof,tcp://a");

    expect(devices).toEqual([]);
    expect(faults).toEqual([
      { line: 1, code: "missing", column: "gateway" },
      { line: 1, code: "missing", column: "profile" },
    ]);
  });

  test("may be Chinese, and names each column that nobody knows", () => {
    const { devices, faults } = judge(`网关,位号,名称,配置文件,地址,colour,tag\n${good},red,x`);

    expect(faults).toEqual([
      { line: 1, code: "column", found: "colour" },
      { line: 1, code: "column", found: "tag" },
    ]);
    expect(devices).toHaveLength(1);
  });
});

function judge(list: string) {
  return judgeList(csvList(new TextEncoder().encode(list)), known);
}
