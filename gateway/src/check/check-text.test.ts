import { expect, test } from "vitest";
import { GatewayConfig } from "../config.ts";
import { loadProfiles } from "../profiles/load-profiles.ts";
import { loadSunspecModels, sunspecPointNames } from "../sunspec/models.ts";
import { checkText } from "./check-text.ts";
import { pollLoad } from "./poll-load.ts";

const profiles = loadProfiles({ sunspec: sunspecPointNames(loadSunspecModels()) });

test("counts polls and values by line, never above what a device stands", () => {
  const load = pollLoad(
    config([
      { tag: "INV-01", url: "tcp://10.0.0.1?unit=1", profile: "sungrow-sg" },
      { tag: "INV-02", url: "tcp://10.0.0.1?unit=2", profile: "eastron-sdm630", points: one },
      { tag: "INV-03", url: "tcp://[fd00::1]:1502?unit=2", profile: "eastron-sdm630", points: one },
    ]),
    profiles,
  );

  // A Sungrow is polled each second at most, the meters' one point each half.
  expect(Object.fromEntries(load.lines)).toEqual({
    "10.0.0.1:502": { devices: 2, polls: 3 },
    "[fd00::1]:1502": { devices: 1, polls: 2 },
  });
  expect(load.polls).toBe(5);
  const meters = 2 * 2;
  const sungrow = pollLoad(config([inverter]), profiles).values;
  expect(load.values).toBeCloseTo(sungrow + meters);
});

test("tells people what the file comes to, and what they may not expect", () => {
  const text = checkText(
    "roof.yaml",
    config([inverter, { tag: "METER-01", url: "tcp://10.0.0.2", profile: "eastron-sdm630" }]),
    profiles,
  );

  expect(text).toContain("roof.yaml is good: gateway roof-17, 2 devices on 2 lines\n");
  expect(text).toMatch(/^polls: 3 a second, with up to \d+ values$/m);
  expect(text).toMatch(/^uplink: up to [\d.]+ kB\/s, [\d.]+ MB a day$/m);
  expect(text).toMatch(/^note: INV-01 is polled each 1000 ms at most: sungrow-sg$/m);
  expect(text).toMatch(/^note: METER-01 .* converter/m);
  const serial = { tag: "METER-01", url: "rtu+tcp://10.0.0.2", profile: "eastron-sdm630" };
  expect(checkText("roof.yaml", config([serial]), profiles)).not.toContain("note:");
});

test("tells which devices nobody else can be connected to, and where even the gateway is too many (trait 19)", () => {
  const huawei = (n: number, more = {}) => ({
    ...{ tag: `INV-0${n}`, url: `tcp://10.0.0.${n}`, profile: "huawei-sun2000", ...more },
  });
  const proxy = { proxy: { listen: "127.0.0.1:1502" } };
  const notes = (...devices: object[]) =>
    checkText("roof.yaml", config(devices), profiles)
      .split("\n")
      .filter((line) => line.includes("connection"));

  expect(notes(huawei(1, proxy), huawei(2))).toEqual([
    "note: INV-02 takes no other connection: others read through a proxy",
  ]);
  expect(notes(...[1, 2, 3, 4, 5].map((n) => huawei(n)))).toEqual([
    "note: INV-01, INV-02, INV-03 and 2 more take no other connection: others read through a proxy",
  ]);
  expect(notes(huawei(1), huawei(2, { url: "tcp://10.0.0.1:6607" }))).toEqual([
    "note: INV-01 takes 1 connection, and 2 are opened to 10.0.0.1",
  ]);
  expect(notes(huawei(1, proxy))).toEqual([]);
});

const one = { include: ["ac.power.active.a"] };
const inverter = { tag: "INV-01", url: "tcp://10.0.0.1?unit=1", profile: "sungrow-sg" };

function config(devices: readonly object[]): GatewayConfig {
  return GatewayConfig.parse({ id: "roof-17", poll: { fastMs: 500 }, devices });
}
