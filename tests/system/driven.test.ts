import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { PlantDetail, PlantList } from "@sunledger/model";
import { afterEach, describe, expect, test } from "vitest";
import {
  environmentOf,
  freeHousePorts,
  makeDataFolder,
  startHouse,
  sunledger,
  type TestHouse,
} from "../support/house.ts";
import { openStored } from "../support/stored.ts";
import { until } from "../support/until.ts";

const moment = 20_000;
const day = 86_400_000;
const noon = Date.parse("2026-06-21T12:00:00+08:00");
const driven = ["--clock", "driven", "--speed", "20"];
const past = ["--at", "2026-06-21T15:00:00+08:00"];
let house: TestHouse | undefined;

afterEach(async () => {
  await house?.remove();
  house = undefined;
});

describe("a house with a driven clock", () => {
  test("lives at another day, faster, without a gateway that hangs, and goes on from there at the next start", async () => {
    const place = { dataDir: makeDataFolder(), ports: await freeHousePorts() };
    house = await startHouse({ ...place, args: [...driven, "--at", "2026-06-21T12:00:00+08:00"] });
    const first = await newestAfter(house, noon + moment);
    expect(first.newestAt).toBeLessThan(noon + day);
    expect(first.powerW.value).toBeGreaterThan(1_000); // it is noon in June there, whatever it is here
    await hangs(house, "qinghe-gw", ["qinghe", "baishan"]);
    const last = await newestAfter(house, first.newestAt ?? 0);
    await house.stop();

    const refusal = async (...args: string[]) => {
      const { code, output } = await sunledger(args, environmentOf(place.dataDir, place.ports));
      return [code, output];
    };
    expect(await refusal("start")).toEqual([1, expect.stringContaining("SUNLEDGER_CLOCK=driven")]);
    expect(await refusal("start", ...driven, ...past)).toEqual([
      1,
      expect.stringMatching(/^The data folder .* has come to 2026-06-21T.*; --at holds .*$/m),
    ]);

    house = await startHouse({ ...place, args: driven });
    const again = await newestAfter(house, (last.newestAt ?? 0) + moment);
    expect(again.newestAt).toBeLessThan(noon + day);
  });

  test("takes its time from a replayed trace, to the last row", async () => {
    house = await startHouse({
      demo: false,
      args: ["--clock", "driven"],
    });
    const trace = firstDayOf("../data/pv/plants/snow_event_15min.csv.gz", house.dataDir);
    const map = path("../../simulators/maps/snow-event.yaml");
    const { code, output } = await sunledger(
      ["replay", trace, "--map", map, ...newPlant],
      environmentOf(house.dataDir, house.ports),
    );
    expect([code, output]).toEqual([0, expect.stringContaining("replayed")]);

    const stored = await openStored(house.databaseUrl, "Sunledger");
    try {
      const devices = await stored.records.devices(stored.organisation);
      const sensor = devices.find(({ kind }) => kind === "sensor");
      const range = {
        from: Date.parse("2022-01-05T00:00:00Z"),
        to: Date.parse("2022-01-12T00:00:00Z"),
      };
      let values = 0;
      const query = {
        organisation: stored.organisation,
        devices: [sensor?.id ?? ""],
        points: ["met.irradiance.poa"],
        ...range,
      };
      for await (const _ of stored.store.read(query)) values += 1;
      expect(values).toBe(96);
    } finally {
      await stored.close();
    }
  });
});

/** Stops a gateway for a while: time goes on without it, and its plant's values get old. */
async function hangs(house: TestHouse, gateway: string, [hung, other]: readonly [string, string]) {
  const { get } = await house.signIn();
  const power = async (code: string) => {
    const plants = PlantList.parse(await get("/plants")).items;
    return plants.find((one) => one.code === code)?.powerW.value;
  };
  const { pid } = house.program(gateway);
  process.kill(pid ?? 0, "SIGSTOP");
  try {
    await until("its values to be old", async () => {
      return (await power(hung)) === null && Boolean(await power(other));
    });
  } finally {
    process.kill(pid ?? 0, "SIGCONT");
  }
  await until("it to be back", async () => await power(hung));
}

const newPlant = [
  "--plant",
  "field",
  "--register",
  "--zone",
  "America/Denver",
  "--position",
  "39.74,-105.18",
];

/** A day of 15 minutes of a trace, as a file in the folder. */
function firstDayOf(trace: string, folder: string): string {
  const lines = gunzipSync(readFileSync(path(trace)))
    .toString()
    .split("\n");
  const file = join(folder, "day.csv");
  writeFileSync(file, `${lines.slice(0, 97).join("\n")}\n`);
  return file;
}

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

/** The first plant, once it has data from after the instant. */
async function newestAfter(house: TestHouse, at: number) {
  const { get } = await house.signIn();
  const plant = await until("time to pass", async () => {
    const [first] = PlantList.parse(await get("/plants")).items;
    return first && (first.newestAt ?? 0) > at && first.powerW.value !== null && first;
  });
  return PlantDetail.parse(await get(`/plants/${plant.id}`));
}
