import { addressOf } from "@sunledger/model/device-url";
import { describe, expect, test } from "vitest";
import { loadProfiles } from "../profiles/load-profiles.ts";
import { loadSunspecModels, sunspecPointNames } from "../sunspec/models.ts";
import { takenHosts, whyTaken } from "./taken-connections.ts";

const profiles = loadProfiles({ sunspec: sunspecPointNames(loadSunspecModels()) });
const solarEdge = { tag: "INV-01", url: "tcp://10.0.0.1:1502?unit=1", profile: "solaredge" };
const second = { tag: "INV-02", url: "tcp://10.0.0.1:1502?unit=2", profile: "solaredge" };
const meter = { tag: "METER-01", url: "tcp://10.0.0.2", profile: "eastron-sdm630" };

describe("a device that takes one connection (gateway trait 19)", () => {
  const why = (url: string, devices = [solarEdge, second, meter]) =>
    whyTaken(addressOf(url).line, takenHosts(devices, profiles));

  test("is left alone by whoever comes through another port of its host", () => {
    expect(why("tcp://10.0.0.1:502")).toBe("INV-01 is polled there, and takes 1 connection");
  });

  test.each([
    ["its own line, which is shared", "tcp://10.0.0.1:1502?unit=3"],
    ["another host", "tcp://10.0.0.3:502"],
    ["a host whose device says nothing of it", "tcp://10.0.0.2:1502"],
    ["a serial port", "serial:///dev/ttyUSB0"],
  ])("does not keep anybody from %s", (_what, url) => {
    expect(why(url)).toBeUndefined();
  });

  test("counts the lines that the gateway has there already", () => {
    const twice = { ...second, url: "tcp://10.0.0.1:502" };
    const [host] = [...takenHosts([solarEdge, twice], profiles).values()];

    expect(host).toMatchObject({ tag: "INV-01", most: 1 });
    expect(host?.lines.size).toBe(2);
  });
});
