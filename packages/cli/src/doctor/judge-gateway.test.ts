import type { Device, DeviceReach } from "@sunledger/model";
import { expect, test } from "vitest";
import { judgeGateway } from "./judge-gateway.ts";

const now = Date.UTC(2026, 5, 21, 20);

test("a device that sleeps is not missed", () => {
  const found = judge({ "INV-1": { state: "asleep" } }, { "INV-1": 3 * 3_600_000, "MET-1": 1_000 });

  expect(found).toMatchObject({ state: "well", seen: "online, 1 device reports, 1 asleep" });
});

test.each([
  ["is too old", 46_000, 1_000],
  ["was followed by silence of all that answered", 25_000, 21_000],
])("a sleeper is missed where the word of its sleep %s", (_, heardAge, meterAge) => {
  const reach = { "INV-1": { state: "asleep" }, "MET-1": { state: "reachable" } } as const;
  const found = judge(reach, { "INV-1": 3 * 3_600_000, "MET-1": meterAge }, { heardAge });

  expect(found.state).toBe("wrong");
  expect(found.seen).toContain("without fresh values of INV-1");
});

test("a device that its gateway does not reach is wrong at once, with the reason it gives", () => {
  const found = judge(
    { "INV-1": { state: "unreachable", reason: "the connection was refused" } },
    { "INV-1": 1_000, "MET-1": 1_000 },
  );

  expect(found).toMatchObject({
    state: "wrong",
    seen: "online, but does not reach INV-1 (the connection was refused)",
  });
});

test.each([
  [19_000, "well"],
  [21_000, "wrong"],
])("devices that are reached and were silent for %d ms are %s", (age, state) => {
  expect(judge({}, { "INV-1": age, "MET-1": age }).state).toBe(state);
});

test("a device without any value is wrong by name", () => {
  expect(judge({}, { "MET-1": 1_000 }).seen).toBe("online, but without fresh values of INV-1");
});

test("with an excuse nothing is wrong yet, and the reason is told", () => {
  const lost = { "INV-1": { state: "unreachable", reason: "timed out" } } as const;
  const { state, seen } = judge(lost, { "MET-1": 1_000 }, { excuse: "it just began" });

  expect([state, seen]).toEqual([
    "unknown",
    "online, does not reach INV-1 (timed out): it just began",
  ]);
});

function judge(
  reach: Readonly<Record<string, Omit<DeviceReach, "since">>>,
  ages: Readonly<Record<string, number>>,
  { excuse, heardAge = 0 }: { readonly excuse?: string; readonly heardAge?: number } = {},
) {
  const devices = ["INV-1", "MET-1"].map(deviceOf);
  const newest = new Map(Object.entries(ages).map(([tag, age]) => [`id of ${tag}`, now - age]));
  const states = Object.entries(reach).map(([tag, one]) => [tag, { ...one, since: 0 }]);
  const status = { v: 1, state: "online", devices: Object.fromEntries(states) } as const;
  return judgeGateway({
    ...{ id: "roof-gw", status, devices, newest, now, excuse },
    heardAt: now - heardAge,
  });
}

function deviceOf(tag: string): Device {
  return {
    id: `id of ${tag}`,
    plant: "a plant",
    gateway: "roof-gw",
    tag,
    name: { en: tag },
    kind: "inverter",
    atGrid: false,
    announcement: {
      v: 1,
      tag,
      at: 0,
      profile: { id: "p", version: "1" },
      kind: "inverter",
      texts: {},
      points: [
        { name: "ac.power.active", unit: "W", kind: "gauge", lane: "values", everyMs: 1_000 },
      ],
    },
  };
}
