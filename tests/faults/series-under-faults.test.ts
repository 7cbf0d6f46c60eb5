import { beforeAll, describe, expect, test } from "vitest";
import { hasInfluxd, hasVictoria } from "../support/series-servers.ts";
import { full, seed } from "../support/thoroughness.ts";
import type { SeriesKind } from "./fault-house.ts";
import { allKinds, kindOf } from "./fault-kinds.ts";
import { faultSchedule } from "./fault-schedule.ts";
import { type Suffered, suffer } from "./suffer.ts";

const here: readonly SeriesKind[] = [
  ...(hasVictoria ? (["victoria"] as const) : []),
  ...(hasInfluxd ? (["influx"] as const) : []),
];
const ofSeries = allKinds.filter((kind) => /^series/.test(kindOf(kind).place));

test("a house without such a store is spared its faults", () => {
  const none = { broker: [], ingest: [], store: [], gateway: [], uplink: [], ingestLink: [] };
  const rest = { databaseLink: [], brokerDatabaseLink: [], field: [], peer: [], api: [] };
  const targets = { ...none, ...rest, apiDatabaseLink: [], series: [], seriesLink: [] };
  const wish = { seed, kinds: ofSeries, rounds: 3, everyMs: 1_000 };

  expect(ofSeries.length).toBeGreaterThan(4);
  expect(faultSchedule({ ...wish, targets })).toEqual([]);
  const both = { ...targets, series: ["series"], seriesLink: ["series link"] };
  expect(faultSchedule({ ...wish, targets: both })).toHaveLength(3 * ofSeries.length);
});

// Minutes more than the short run may take: there these stores have tests of their own.
if (full) {
  const runs = new Map<SeriesKind, Promise<Suffered>>();

  beforeAll(() => {
    for (const series of here) {
      const run = suffer({
        ...{ broker: "aedes", series, seed, rounds: 2, everyMs: 2_000, long: false },
        say: (line) => process.stdout.write(`${series.padEnd(9)} | ${line}\n`),
      });
      run.catch(() => {}); // each test tells of it
      runs.set(series, run);
    }
  });

  describe.each(here)("the pipe to %s under a schedule of faults", (series) => {
    const suffered = async () => {
      const run = runs.get(series);
      if (!run) throw new Error(`there is no run on ${series}`);
      return run;
    };

    test("every fault came about, of the store of values too", { timeout: 1_200_000 }, async () => {
      const { incidents, faults } = await suffered();
      const met = new Set(incidents.map(({ fault }) => fault.kind));

      expect(incidents.filter(({ failed }) => failed !== undefined)).toEqual([]);
      expect(incidents).toHaveLength(faults.length);
      expect(ofSeries.filter((kind) => !met.has(kind))).toEqual([]);
    });

    test("what was served is stored: none missing, none twice, no value changed (D-4, D-5)", async () => {
      const { account, surprises } = await suffered();

      expect(account.wrong).toEqual([]);
      expect(account.compared).toBeGreaterThan(1_500);
      expect(account.excused).toBeLessThan(account.compared / 5);
      expect(account.unheard).toBeLessThan(account.compared / 20);
      expect(surprises).toEqual([]);
    });

    test("PostgreSQL restored from its backup beside it has everything again (D-15)", async () => {
      const { restored } = await suffered();

      expect(restored.wrong).toEqual([]);
      expect(restored.compared).toBeGreaterThan(1_500);
    });

    test("the api says what is away, and calls nothing live that is not (F2, D-12)", async () => {
      const { api } = await suffered();

      expect(api.wrong).toEqual([]);
      expect(api.live).toBeGreaterThan(30);
    });
  });
}
