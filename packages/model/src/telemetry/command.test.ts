import { describe, expect, test } from "vitest";
import { Command, CommandOrder, GatewayCommand, longestCommandLifeMs } from "./command.ts";
import { CommandResult } from "./command-result.ts";

const at = Date.UTC(2026, 5, 21, 12);
const order = {
  ...{ v: 1, id: "0198f3a0-0000-7000-8000-000000000001", session: "abcdefghijklmnop" },
  ...{ orderedBy: { id: "u1", name: "Li Wei" }, at, expiresAt: at + 30_000 },
  what: { kind: "set", device: "INV-01", point: "setpoint.activePower.percent", value: 60 },
};

describe("a command (F23)", () => {
  test("names its session, who ordered it, and when it expires", () => {
    expect(Command.parse(order)).toEqual(order);
    for (const part of ["id", "session", "orderedBy", "at", "expiresAt", "what"]) {
      expect(Command.safeParse({ ...order, [part]: undefined }).success, part).toBe(false);
    }
  });

  test("lives for minutes at most, and not backwards", () => {
    expect(Command.safeParse({ ...order, expiresAt: at }).success).toBe(false);
    const longest = at + longestCommandLifeMs;
    expect(Command.safeParse({ ...order, expiresAt: longest }).success).toBe(true);
    expect(Command.safeParse({ ...order, expiresAt: longest + 1 }).success).toBe(false);
  });

  test("addresses a set-point by its name, never a register", () => {
    const set = (more: object) => CommandOrder.safeParse({ ...order.what, ...more }).success;
    expect(set({})).toBe(true);
    expect(set({ point: "40125" })).toBe(false);
    expect(set({ address: 40_125 })).toBe(false);
    expect(set({ value: Number.POSITIVE_INFINITY })).toBe(false);
    expect(set({ revertAfterMs: 0 })).toBe(false);
    expect(set({ rampPerSecond: 0 })).toBe(false);
  });

  test("reads by an installed profile or by a document that is none yet", () => {
    const read = { kind: "test-read", url: "tcp://10.0.0.11?unit=1" };
    expect(CommandOrder.safeParse({ ...read, profile: "sunspec" }).success).toBe(true);
    expect(CommandOrder.safeParse({ ...read, profile: { id: "mine" } }).success).toBe(true);
    expect(CommandOrder.safeParse(read).success).toBe(false);
  });

  test("is told from a wish to watch, which is bound to nothing", () => {
    const watch = { v: 1, id: order.id, what: { kind: "watch", until: at } };
    expect(GatewayCommand.parse(watch)).toEqual(watch);
    expect(GatewayCommand.safeParse({ ...watch, what: order.what }).success).toBe(false);
  });
});

test("a refusal has a code of the closed list, a failure another", () => {
  const result = { v: 1, id: order.id, at, reason: "because" };
  const of = (more: object) => CommandResult.safeParse({ ...result, ...more }).success;

  expect(of({ state: "refused", code: "outOfRange" })).toBe(true);
  expect(of({ state: "failed", code: "echoDiffers" })).toBe(true);
  expect(of({ state: "refused", code: "echoDiffers" })).toBe(false);
  expect(of({ state: "refused" })).toBe(false);
});
