import { expect, test } from "vitest";
import { requireKinds, requirePlace } from "./registered.ts";

const field = { code: "field", timeZone: "Asia/Shanghai", latitude: 30.27, longitude: 120.15 };

test.each([
  [{}],
  [{ timeZone: "Asia/Shanghai" }],
  [{ latitude: 30.27, longitude: 120.15 }],
  [{ timeZone: "Asia/Shanghai", latitude: 30.27, longitude: 120.15 }],
])("a plant that is there stays where it is (%j)", (asked) => {
  expect(() => requirePlace(field, asked)).not.toThrow();
});

test.each([
  [{ timeZone: "Europe/Berlin" }, "--zone Europe/Berlin"],
  [{ latitude: 30.27, longitude: 120 }, "--position 30.27,120"],
  [
    { timeZone: "Europe/Berlin", latitude: 1, longitude: 2 },
    "--zone Europe/Berlin and --position 1,2",
  ],
])("a plant that is there is not asked to be elsewhere (%j)", (asked, options) => {
  expect(() => requirePlace(field, asked)).toThrow(
    `The plant field is there already, in Asia/Shanghai at 30.27,120.15, and ${options} would make it ` +
      "elsewhere: leave that out, or name another plant with --plant.",
  );
});

test("a device that is there keeps its kind", () => {
  const known = [
    { tag: "INV-01", kind: "inverter" },
    { tag: "MET-01", kind: "meter" },
  ] as const;

  expect(() =>
    requireKinds("field", known, [
      { tag: "INV-01", kind: "inverter" },
      { tag: "NEW", kind: "sensor" },
    ]),
  ).not.toThrow();
  expect(() =>
    requireKinds("field", known, [
      { tag: "INV-01", kind: "meter" },
      { tag: "MET-01", kind: "sensor" },
    ]),
  ).toThrow(
    "The map calls devices of the plant field what they are not: " +
      "INV-01 (inverter, not meter), MET-01 (meter, not sensor).",
  );
});
