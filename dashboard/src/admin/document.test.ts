import { expect, test } from "vitest";
import { deviceAt, freeTag, setByHand, tagAt, withDevices } from "./document.ts";

const one = { tag: "INV-01", url: "tcp://a", profile: "sunspec", ratios: { "ratio.ct": 40 } };
const document = { poll: { fastMs: 500 }, devices: [one] };

test("everything that was there stays as it was", () => {
  const device = { tag: "INV-02", url: "tcp://b", profile: "huawei-sun2000" };

  expect(withDevices(document, [device])).toEqual({ ...document, devices: [one, device] });
  expect(withDevices({}, [device])).toEqual({ devices: [device] });
});

test("a second attempt stands in the place of the first", () => {
  const device = { tag: "INV-01", url: "tcp://b", profile: "sunspec" };

  expect(withDevices(document, [device]).devices).toEqual([device]);
});

test("the next tag is the lowest number that is free", () => {
  expect(freeTag("inverter", ["INV-01", "INV-03", "METER-02"])).toBe("INV-02");
  expect(freeTag("meter", [])).toBe("METER-01");
});

test("an address that is polled already is known by its tag", () => {
  expect(tagAt(document, "tcp://a")).toBe("INV-01");
  expect(tagAt(document, "tcp://b")).toBeUndefined();
  expect(tagAt(undefined, "tcp://a")).toBeUndefined();
  expect(deviceAt(document, "INV-01")).toEqual(one);
  expect(deviceAt(document, "INV-02")).toBeUndefined();
});

test("what was set by hand is told of", () => {
  const points = { include: ["ac.*"], exclude: ["ac.power"] };

  expect(setByHand({ ratios: { "ratio.ct": 40 }, points })).toEqual([
    ...["ratio.ct = 40", "+ ac.*", "− ac.power"],
  ]);
  expect(setByHand({})).toEqual([]);
});
