import { expect, test } from "vitest";
import { ConfigurationMessage, SiteConfiguration } from "./configuration.ts";

const message = { v: 1, version: 3, at: 1, by: { id: "u1", name: "Li Wei" }, document: {} };

test("a pushed configuration is numbered and names who pushed it", () => {
  expect(ConfigurationMessage.parse(message)).toEqual(message);
  expect(ConfigurationMessage.safeParse({ ...message, version: 0 }).success).toBe(false);
  expect(ConfigurationMessage.safeParse({ ...message, by: undefined }).success).toBe(false);
  expect(ConfigurationMessage.parse({ ...message, document: null }).document).toBeNull();
});

test.each(["id", "clock", "outbox", "metrics", "linger", "commands", "onboarding"])(
  "a gateway's own %s is no part of what can be pushed",
  (key) => {
    expect(SiteConfiguration.safeParse({ devices: [] }).success).toBe(true);
    expect(SiteConfiguration.safeParse({ devices: [], [key]: {} }).success).toBe(false);
  },
);
