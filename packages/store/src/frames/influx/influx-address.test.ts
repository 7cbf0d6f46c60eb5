import { describe, expect, test } from "vitest";
import { influxAddress } from "./influx-address.ts";

describe("the address of an InfluxDB", () => {
  test("names host, bucket, organisation and token", () => {
    expect(
      influxAddress("influxdb+https://a%2Bb%3D%3D@tsdb.example:8086/sun?org=solar%20co"),
    ).toEqual({
      url: "https://tsdb.example:8086",
      token: "a+b==",
      org: "solar co",
      bucket: "sun",
    });
  });

  test("may go without a token, behind a path, and with a user's name", () => {
    expect(influxAddress("influxdb+http://127.0.0.1:8086/proxy/sun")).toEqual({
      url: "http://127.0.0.1:8086/proxy",
      token: undefined,
      org: "",
      bucket: "sun",
    });
    expect(influxAddress("influxdb+http://ann:s%20cret@tsdb/sun").token).toBe("ann:s cret");
  });

  test.each([
    ["influxdb+http://secret@tsdb:8086", /lacks its host or its bucket/],
    ["influxdb+http://secret@tsdb:8086/sun?orgg=x", /says orgg/],
    ['influxdb+http://secret@tsdb:8086/"sun"', /cannot be named in a query/],
  ])("is refused in one sentence that keeps the token to itself: %s", (address, message) => {
    expect(() => influxAddress(address)).toThrow(message);
    expect(() => influxAddress(address)).not.toThrow(/secret/);
  });
});
