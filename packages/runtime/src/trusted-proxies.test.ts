import { expect, test } from "vitest";
import { TrustedProxies } from "./trusted-proxies.ts";

test("addresses and ranges are taken apart", () => {
  expect(TrustedProxies.parse("127.0.0.1, 10.0.0.0/8,::1,fd00::/8")).toEqual([
    "127.0.0.1",
    "10.0.0.0/8",
    "::1",
    "fd00::/8",
  ]);
  expect(TrustedProxies.parse("")).toEqual([]);
});

test.each(["proxy.example", "10.0.0.0/33", "10.0.0.0/", "::1/129", "10.0.0.1/8/8", "true", "1"])(
  "%s is no proxy's address",
  (text) => {
    expect(TrustedProxies.safeParse(text).success).toBe(false);
  },
);
