import { expect, test } from "vitest";
import { type HouseRecord, recordFor } from "./house-record.ts";

const [here, elsewhere] = [
  "0197a000-0000-7000-8000-00000000000a",
  "0197a000-0000-7000-8000-00000000000b",
];
const done: HouseRecord = {
  kind: "demo",
  clock: "system",
  organisation: "Sunledger Demo",
  organisationId: here,
  provisioned: true,
  history: { until: 1_750_000_000_000, done: true },
};

test("what was done in a database is done in it", () => {
  expect(recordFor(done, here)).toEqual(done);
});

test("what was done in a database that is gone is to be done in the new one, up to the same instant", () => {
  expect(recordFor(done, elsewhere)).toEqual({
    ...done,
    organisationId: elsewhere,
    provisioned: false,
    history: { until: 1_750_000_000_000, done: false },
  });
});

test("a record of before databases had names takes the present one's", () => {
  const { organisationId: _, ...former } = done;

  expect(recordFor(former, here)).toEqual(done);
});

test("a house without a made history has none in a new database either", () => {
  const { history: _, ...plain } = done;

  expect(recordFor(plain, elsewhere)).not.toHaveProperty("history");
});
