import { expect, test } from "vitest";
import { freeTag, tagAt, withDevice } from "./next-document.ts";

const one = { tag: "INV-01", url: "tcp://a", profile: "sunspec", ratios: { "ratio.ct": 40 } };
const document = { poll: { fastMs: 500 }, devices: [one] };

test("everything that was there stays as it was", () => {
  const device = { tag: "INV-02", url: "tcp://b", profile: "huawei-sun2000" };

  expect(withDevice(document, device)).toEqual({ ...document, devices: [one, device] });
  expect(withDevice({}, device)).toEqual({ devices: [device] });
});

test("a second attempt stands in the place of the first", () => {
  const device = { tag: "INV-01", url: "tcp://b", profile: "sunspec" };

  expect(withDevice(document, device).devices).toEqual([device]);
});

test("the next tag is the lowest number that is free", () => {
  expect(freeTag("inverter", ["INV-01", "INV-03", "METER-02"])).toBe("INV-02");
  expect(freeTag("meter", [])).toBe("METER-01");
});

test("an address that is polled already is known by its tag", () => {
  expect(tagAt(document, "tcp://a")).toBe("INV-01");
  expect(tagAt(document, "tcp://b")).toBeUndefined();
  expect(tagAt(undefined, "tcp://a")).toBeUndefined();
});
