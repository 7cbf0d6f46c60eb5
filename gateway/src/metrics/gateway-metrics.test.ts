import { afterEach, describe, expect, test } from "vitest";
import { after } from "../../../tests/support/modbus-peer/misbehaviour.ts";
import { modbusPeer } from "../../../tests/support/modbus-peer/modbus-peer.ts";
import type { Device } from "../polling/device.ts";
import { pollClasses } from "../polling/poll-class.ts";
import {
  closeAll,
  common,
  inverter,
  linksOf,
  never,
  opened,
  soonMs,
  start,
  sunspecDevice,
} from "../polling/testing/opened-device.ts";
import { gatewayMetrics } from "./gateway-metrics.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  await closeAll();
  for (const close of closing.splice(0)) await close();
});

describe("what can be asked of each device (gateway trait 25)", () => {
  test("the share that succeeds, how long answers take, the last failure and what it lacks", async () => {
    // Power is there, the meter at the grid connection is not.
    const peer = await modbusPeer({ registers: [[5_030, 1_000] as const, [5_031, 0] as const] });
    closing.push(() => peer.close());
    const device = opened(`tcp://127.0.0.1:${peer.port}?unit=1`, {
      profile: "sungrow-sg",
      points: { include: ["ac.power.active", "grid.power.active"] },
    });
    const poll = () => device.poll(start, new Set(pollClasses), never);
    await poll();
    peer.meet(after(40));
    await poll();

    const { requests, answered, exceptions, missing } = device.figures();
    expect(missing).toEqual(["grid.power.active"]);
    expect(requests).toBe(answered + exceptions);
    const text = await metricsOf(device);
    expect(text).toContain(outcome("answered", answered));
    expect(text).toContain(outcome("exceptions", exceptions));
    expect(text).toContain('sunledger_missing_points{device="INV-01"} 1');
    expect(text).toContain('sunledger_proxy_open{device="INV-01"} 0');
    expect(text).toContain(`sunledger_last_failure{device="INV-01",failure="exception 2 (`);
    const secondsOf = (figure: string) =>
      Number(
        new RegExp(`^sunledger_response_seconds\\{.*"${figure}"\\} (.*)$`, "m").exec(text)?.[1],
      );
    expect(secondsOf("last")).toBeGreaterThan(0.03);
    expect(secondsOf("worst")).toBe(secondsOf("last"));
    expect(secondsOf("mean")).toBeLessThan(secondsOf("worst"));
  });

  test("devices of one SunSpec chain have their own: their sum is what was asked", async () => {
    const { server } = await sunspecDevice([common, inverter, { ID: 1 }, inverter]);
    const links = linksOf();
    const [first, second] = [1, 2].map((place) =>
      opened(`${server.url}&device=${place}`, { tag: `INV-0${place}`, profile: "sunspec" }, links),
    );
    if (!first || !second) throw new Error("there are two");
    await first.poll(start, new Set(pollClasses), never);
    const ofFirst = server.requests.length;
    expect(first.figures().requests).toBe(ofFirst);
    await second.poll(start, new Set(pollClasses), never);

    expect(second.figures().requests).toBe(server.requests.length - ofFirst);
    expect(first.figures().requests).toBe(ofFirst);
  });

  test("of one that never answered no time is told, and its failure is", async () => {
    const peer = await modbusPeer({ usual: () => undefined });
    closing.push(() => peer.close());
    const url = `tcp://127.0.0.1:${peer.port}?unit=1`;
    const device = opened(url, { profile: "eastron-sdm630" }, undefined, undefined, soonMs);
    await expect(device.poll(start, new Set(pollClasses), never)).rejects.toThrow();

    const text = await metricsOf(device);
    expect(text).toContain(outcome("timeouts", device.figures().timeouts));
    expect(text).toMatch(
      /^sunledger_last_failure\{device="INV-01",failure="no answer within 500 ms/m,
    );
    expect(text).not.toMatch(/^sunledger_response_seconds\{/m);
  });
});

function outcome(what: string, count: number): string {
  return `sunledger_requests_total{device="INV-01",outcome="${what}"} ${count}\n`;
}

function metricsOf(device: Device): Promise<string> {
  const none = { produced: 0, acknowledged: 0, givenUp: 0, waiting: 0 };
  return gatewayMetrics({
    devices: () => [device],
    lanes: () => ({ counters: none, values: none }),
    waitedMs: async () => ({ counters: 0, values: 0 }),
    isConnected: () => true,
    proxies: () => new Map([["INV-01", false]]),
    outboxBytes: () => 0,
  }).text();
}
