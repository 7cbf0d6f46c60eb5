import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { earliestInstant, latestInstant } from "@sunledger/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { environmentOf, startHouse, sunledger, type TestHouse } from "../support/house.ts";
import { hasMosquitto, startMosquitto } from "../support/mosquitto.ts";
import { openStored, type StoredHouse } from "../support/stored.ts";

/** Days that are over wherever the machine's clock stands: what is told of the future is not stored. */
const [first, second, third, fourth, fifth] = [10, 9, 8, 7, 6].map(daysAgo) as Days;
type Days = [string, string, string, string, string];
const place = ["--zone", "Asia/Shanghai", "--position", "30.27,120.15"];
let house: TestHouse;
let stored: StoredHouse;
let csv: string;
let map: string;

beforeAll(async () => {
  house = await startHouse({ demo: false });
  stored = await openStored(house.databaseUrl, "Sunledger");
  csv = join(house.dataDir, "trace.csv");
  map = join(house.dataDir, "map.yaml");
  writeFileSync(
    csv,
    `when,device,kw\n${first} 10:00,T-01,1.5\n${first} 10:05,T-01,2\n${first} 10:05,T-02,7\n`,
  );
  writeFileSync(
    map,
    `time: { column: when, zone: Asia/Shanghai }
device: { column: device, kind: inverter }
columns:
  kw: { point: ac.power.active, factor: 1000 }
`,
  );
});

afterAll(async () => {
  await stored?.close();
  await house?.remove();
});

describe("a replayed trace", () => {
  test("is refused for a plant that is not there or cannot be made, and nothing is made", async () => {
    const mars = ["--zone", "Mars/Olympus", "--position", "1,2"];
    const [absent, elsewhere, misnamed] = await Promise.all([
      replay("--plant", "field"),
      replay("--plant", "mars", "--register", ...mars),
      replay("--plant", "Bad Plant", "--register", ...place),
    ]);

    expect([absent.code, absent.errors]).toEqual([
      1,
      "There is no plant field: add --register to make it.\n",
    ]);
    expect([elsewhere.code, elsewhere.errors]).toEqual([
      1,
      expect.stringContaining("The plant mars cannot be made: timeZone"),
    ]);
    expect([misnamed.code, misnamed.errors]).toEqual([
      1,
      expect.stringContaining(
        "The plant Bad Plant cannot be made: code: has lower-case letters, digits and hyphens",
      ),
    ]);
    expect(await stored.records.plants(stored.organisation)).toEqual([]);
  });

  test("has its own times, units and devices in the store", async () => {
    const { code, output } = await replay("--plant", "field", "--register", ...place);

    expect([code, output]).toEqual([0, expect.stringContaining(outcome({ fresh: 3 }))]);

    expect(await values()).toEqual([
      { tag: "T-01", at: `${first}T02:00:00.000Z`, value: 1_500 },
      { tag: "T-01", at: `${first}T02:05:00.000Z`, value: 2_000 },
      { tag: "T-02", at: `${first}T02:05:00.000Z`, value: 7_000 },
    ]);
  });

  test("is exported without naming its points, which nobody has announced", async () => {
    const range = ["--from", `${first}T00:00:00+08:00`, "--to", `${second}T00:00:00+08:00`];
    const args = ["export", "frames", "--device", "field/T-01", ...range, "--format", "csv"];
    const { code, output } = await sunledger(args, environmentOf(house.dataDir, house.ports));

    expect([code, output.split("\n")]).toEqual([
      0,
      [
        "device,point,time,value,quality",
        `field/T-01,ac.power.active,${first}T02:00:00.000Z,1500,good`,
        `field/T-01,ac.power.active,${first}T02:05:00.000Z,2000,good`,
        "",
      ],
    ]);
  });

  test("changes nothing when it is played again", async () => {
    const before = await values();
    const { code, output } = await replay("--plant", "field");

    expect([code, output]).toEqual([0, expect.stringContaining(outcome({ known: 3 }))]);
    expect(await values()).toEqual(before);
  });

  test("says how many of its frames are in conflict with what is stored (D-5)", async () => {
    const before = await values();
    const changed = readFileSync(csv, "utf8").replace("T-01,1.5", "T-01,1.6");
    writeFileSync(csv, `${changed}${first} 10:10,T-02,8\n`);
    const { code, output, errors } = await replay("--plant", "field");

    expect([code, errors, output]).toEqual([
      2,
      expect.stringMatching(/^To do: .* the file has changed since it was replayed/),
      expect.stringContaining(outcome({ fresh: 1, known: 2, conflicts: 1 })),
    ]);
    expect(await values()).toEqual([...before, { ...before[2], ...later }]);
  });

  test("tells of each bad row with its place, sends the others and ends with 2", async () => {
    writeFileSync(
      csv,
      [
        "when,device,kw",
        `${third} 10:00,T-01,1`,
        `${third} 10:05,T-01,NaN`,
        `${third} 10:10,T-01,Inf`,
        `${third} 10:15,T-01,much`,
        `${third} 10:20,T-01,`,
        "yesterday,T-01,3",
        `${third} 10:30,T-01`,
        `${third} 10:35,T-01,4`,
      ].join("\n"),
    );
    const { code, output, errors } = await replay("--plant", "field");

    expect(errors.split("\n")).toEqual([
      `${csv}:3: column kw: "NaN" is no number`,
      `${csv}:4: column kw: "Inf" is no number`,
      `${csv}:5: column kw: "much" is no number`,
      `${csv}:7: column when: the time "yesterday" cannot be read`,
      `${csv}:8: 2 cells under 3 columns`,
      "",
    ]);
    expect(output).toContain(`replayed ${csv}: 2 frames sent and acknowledged, 5 bad rows\n`);
    expect(code).toBe(2);
    const stored = (await values()).filter(({ at }) => at.startsWith(third));
    expect(stored.map(({ value }) => value)).toEqual([1_000, 4_000]);
  });

  test("is refused in one sentence where it cannot be played, and nothing is sent", async () => {
    const before = await values();
    const file = (name: string, content: string) => {
      const path = join(house.dataDir, name);
      writeFileSync(path, content);
      return path;
    };
    const good = file("good.csv", `when,device,kw\n${first} 10:00,T-01,1.5\n`);
    const unfit = file("unfit.csv", "when,device\n");
    const twice = file("twice.csv", `when,device,kw,kw\n${first} 11:00,T-01,1.5,2\n`);
    const unknown = file("unknown.csv", `when,device,kw\n${first} 10:00,T-09,1\n`);
    const meter = file("meter.yaml", readFileSync(map, "utf8").replace("inverter", "meter"));
    const refusals: readonly (readonly [file: string, by: string, says: unknown])[] = [
      [unfit, map, `Cannot replay ${unfit}: the file has no column kw\n`],
      [`${csv}.gz`, map, expect.stringMatching(/^There is no file .*\/trace\.csv\.gz\.\n$/)],
      [house.dataDir, map, expect.stringMatching(/^\/.* is a folder: name a file in it\.\n$/)],
      [twice, map, `Cannot replay ${twice}: columns 3 and 4 of the file are both named kw\n`],
      [
        unknown,
        map,
        expect.stringContaining("The plant field has no device T-09: add --register to make them"),
      ],
      [
        good,
        meter,
        "The map calls devices of the plant field what they are not: T-01 (inverter, not meter).\n",
      ],
    ];
    const told = await Promise.all(refusals.map(([from, by]) => replayOf(from, by)));

    expect(told.map(({ code, output }) => [code, output])).toEqual(
      refusals.map(([, , says]) => [1, says]),
    );
    expect(await values()).toEqual(before);
  });

  test("is refused where it would have the plant elsewhere", async () => {
    writeFileSync(csv, `when,device,kw\n${first} 10:00,T-01,1.5\n`);
    const [same, elsewhere] = await Promise.all([
      replay("--plant", "field", ...place),
      replay("--plant", "field", "--zone", "Europe/Berlin"),
    ]);

    expect([same.code, same.errors]).toEqual([0, ""]);
    expect([elsewhere.code, elsewhere.errors]).toEqual([
      1,
      expect.stringContaining("The plant field is there already, in Asia/Shanghai at 30.27,120.15"),
    ]);
  });

  test("keeps every digit of a counter, from the file to what is exported", async () => {
    const counters = join(house.dataDir, "counters.csv");
    const counted = ["1234567890123", "1234567890124", "9007199254740993"];
    const rows = counted.map((value, i) => `${fourth} 10:0${i},T-01,${value}`);
    writeFileSync(counters, ["when,device,wh", ...rows, ""].join("\n"));
    const exact = join(house.dataDir, "counters.yaml");
    writeFileSync(
      exact,
      `time: { column: when, zone: UTC }
device: { column: device, kind: inverter }
columns:
  wh: { point: ac.energy.generated.total }
`,
    );
    const { code } = await replayOf(counters, exact);
    const range = ["--from", `${fourth}T00:00:00Z`, "--to", `${fifth}T00:00:00Z`];
    const args = ["export", "frames", "--device", "field/T-01", ...range, "--format", "csv"];
    const { output } = await sunledger(args, environmentOf(house.dataDir, house.ports));

    expect(code).toBe(0);
    expect(output.split("\n").slice(1, 4)).toEqual(
      counted.map((value, i) => {
        return `field/T-01,ac.energy.generated.total,${fourth}T10:0${i}:00.000Z,${value},good`;
      }),
    );
  });
});

describe.skipIf(!hasMosquitto())("a replay over a broker of one's own", () => {
  test("says which gateway that broker has to know", async () => {
    const mosquitto = await startMosquitto({ users: { other: "x" } });
    try {
      const env = { SUNLEDGER_GATEWAY_MQTT_URL: mosquitto.gatewayUrl };
      const { code, errors } = await sunledger(
        ["replay", csv, "--map", map, "--plant", "field", "--register"],
        { ...environmentOf(house.dataDir, house.ports), ...env },
      );

      expect([code, errors]).toEqual([
        1,
        `The broker at ${new URL(mosquitto.gatewayUrl).host} does not know the gateway field-replay: ` +
          `add it there with its secret from ${join(house.dataDir, "secrets.json")}, as ` +
          "infra/mosquitto/README.md says.\n",
      ]);
    } finally {
      await mosquitto.stop();
    }
  });

  test("is stored once it knows that gateway", async () => {
    const { gateways, service } = JSON.parse(
      readFileSync(join(house.dataDir, "secrets.json"), "utf8"),
    );
    const users = { ...gateways, _ingest: service, _api: service };
    const mosquitto = await startMosquitto({ users });
    try {
      const { dataDir, ports } = house;
      await house.stop();
      const env = {
        SUNLEDGER_MQTT_URL: mosquitto.url,
        SUNLEDGER_GATEWAY_MQTT_URL: mosquitto.gatewayUrl,
      };
      house = await startHouse({ dataDir, ports, demo: false, env });
      const { code, output } = await sunledger(
        ["replay", csv, "--map", map, "--plant", "field", "--register"],
        { ...environmentOf(dataDir, ports), ...env },
      );

      expect([code, output]).toEqual([
        0,
        expect.stringContaining("1 frames sent and acknowledged, 0 bad rows"),
      ]);
    } finally {
      await house.stop();
      await mosquitto.stop();
    }
  });
});

const later = { at: `${first}T02:10:00.000Z`, value: 8_000 };

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 24 * 60 * 60_000).toISOString().slice(0, 10);
}

function outcome({ fresh = 0, known = 0, quarantined = 0, conflicts = 0 }): string {
  return (
    `${fresh} new, ${known} already there, ${quarantined} quarantined, ` +
    `${conflicts} in conflict with what is stored\n`
  );
}

function replay(...more: string[]) {
  const args = ["replay", csv, "--map", map, ...more];
  return sunledger(args, environmentOf(house.dataDir, house.ports));
}

function replayOf(file: string, by: string) {
  const args = ["replay", file, "--map", by, "--plant", "field"];
  return sunledger(args, environmentOf(house.dataDir, house.ports));
}

async function values() {
  const { organisation, records, store } = stored;
  const devices = await records.devices(organisation);
  const tags = new Map(devices.map(({ id, tag }) => [id, tag]));
  const found: { tag: string | undefined; at: string; value: unknown }[] = [];
  const range = { from: earliestInstant, to: latestInstant };
  const points = ["ac.power.active"];
  for await (const one of store.read({
    organisation,
    devices: [...tags.keys()],
    points,
    ...range,
  })) {
    const { device, at, value } = one;
    found.push({ tag: tags.get(device), at: new Date(at).toISOString(), value });
  }
  return found.sort((a, b) => `${a.tag} ${a.at}`.localeCompare(`${b.tag} ${b.at}`));
}
