import type { ImportedDevice } from "@sunledger/model";
import { expect, test } from "vitest";
import { besidePolled } from "./beside-polled.ts";
import { asList } from "./list-file.ts";

const document = { devices: [{ tag: "INV-01", url: "tcp://a", profile: "sunspec" }] };

test("what a gateway polls is not added again, by its address or by its tag", () => {
  const [sameUrl, sameTag, fresh] = [
    row(2, "INV-09", "tcp://A:502?unit=1"),
    row(3, "INV-01"),
    row(4, "INV-02"),
  ];

  expect(besidePolled(document, [sameUrl, sameTag, fresh])).toEqual({
    fresh: [fresh],
    known: [
      { device: sameUrl, tag: "INV-01" },
      { device: sameTag, tag: "INV-01" },
    ],
  });
  expect(besidePolled(undefined, [fresh]).fresh).toEqual([fresh]);
});

test("a file is sent as what its name says, whatever the system thinks of it", () => {
  const typed = (name: string) => asList(new File(["a"], name, { type: "x/y" })).type;

  expect(typed("Devices.CSV")).toBe("text/csv");
  expect(typed("Devices.XLSX")).toMatch(/spreadsheetml\.sheet$/);
});

function row(line: number, tag: string, url = "tcp://b"): ImportedDevice {
  const register = { tag, name: { en: tag }, kind: "inverter", atGrid: false } as const;
  return { line, gateway: "gw", url, profile: "sunspec", register };
}
