import { drivenClock } from "@sunledger/runtime";
import type { PackedDays, PackOptions } from "@sunledger/store";
import { afterEach, expect, test } from "vitest";
import { testScope } from "../testing/scope.ts";
import { packingOldDays } from "./pack-old-days.ts";

const hour = 3_600_000;
const day = 24 * hour;
const noon = Date.UTC(2026, 5, 21, 12);
const packed: PackedDays = { days: 1, frames: 8_640, bytes: 1 };
const scope = testScope();

afterEach(() => scope.stop());

test("packs what has been open for so many days of each organisation", async () => {
  const asked: PackOptions[] = [];
  const pace = drivenClock(noon + 1);
  packingOldDays(
    {
      packDays: async (options) => {
        asked.push(options);
        if (options.organisation === "first") throw new Error("the store is away");
        return packed;
      },
      organisations: async () => ["first", "second"],
      afterDays: 30,
      clock: drivenClock(noon + 5 * day),
      pace,
    },
    scope,
  );
  expect(asked).toEqual([]);

  await pace.advance(noon + hour / 6);

  expect(asked.map(({ organisation, before }) => [organisation, before])).toEqual([
    ["first", noon - 25 * day],
    ["second", noon - 25 * day],
  ]);
});
