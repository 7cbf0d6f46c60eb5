import type { CommandResult } from "@sunledger/model";
import { afterEach, describe, expect, test } from "vitest";
import { hangsUp } from "../../../tests/support/modbus-peer/misbehaviour.ts";
import { closeBench, started } from "./testing/started.ts";
import { testProfile } from "./testing/test-profile.ts";

afterEach(closeBench);

describe("reading for people", () => {
  test("a configured device, now", async () => {
    const { order, ended } = await started();
    const read = { kind: "read", device: "INV-01", points: ["ac.power.active"] };
    const result = await ended(order(read));
    expect(readingOf(result)?.points).toMatchObject([
      { point: "ac.power.active", value: 4_200, unit: "W", words: [0, 4_200] },
    ]);
    const none = order({ ...read, points: ["ac.frequency"] });
    expect(await ended(none)).toMatchObject({ state: "refused", code: "unknownPoint" });
  });

  test("a device that is not configured, by a profile that is none yet", async () => {
    const { order, ended, url } = await started({ config: { onboarding: true } });
    const profile = { ...testProfile, id: "mine" };
    const result = await ended(order({ kind: "test-read", url, profile }));
    expect(result).toMatchObject({ state: "done", reading: { profile: "mine" } });
    const wrong = { ...profile, points: [{ name: "ac.power.active", poll: "fast", src: [] }] };
    expect(await ended(order({ kind: "test-read", url, profile: wrong }))).toMatchObject({
      ...{ state: "refused", code: "badProfile" },
      reason: expect.stringMatching(/points.0.*no kind, address, type/),
    });
  });

  test("only where the own file lets search", async () => {
    const { order, ended, url } = await started();
    const read = { kind: "test-read", url, profile: "sunspec" };
    expect(await ended(order(read))).toMatchObject({ code: "onboardingOff" });
    const scan = { kind: "scan", target: "127.0.0.0/30" };
    expect(await ended(order(scan))).toMatchObject({ code: "onboardingOff" });
  });

  test.each([
    { kind: "test-read", url: "tcp://192.0.2.7", profile: "sunspec" },
    { kind: "test-read", url: "tcp://127.0.1.1", profile: "sunspec" },
    { kind: "test-read", url: "tcp://localhost", profile: "sunspec" },
    { kind: "test-read", url: "serial:///dev/ttyUSB0", profile: "eastron-sdm630" },
    { kind: "scan", target: "127.0.0.0/23" },
  ])("not outside of its networks: %j", async (what) => {
    const { order, ended } = await started({ config: { onboarding: true } });
    expect(await ended(order(what))).toMatchObject({ state: "refused", code: "outsideNetworks" });
  });

  test("finds what answers, device by device", async () => {
    const { order, ended, said, url } = await started({ config: { onboarding: true } });
    const id = order({
      kind: "scan",
      target: url.replace("?unit=1", ""),
      units: "1",
      timeoutMs: 500,
    });
    const result = await ended(id);
    expect(result).toMatchObject({ state: "done", search: { done: 1, of: 1, answering: 1 } });
    const told = said(id).filter((one) => one.state === "progress" && (one.found ?? one.unknown));
    expect(told).toHaveLength(1);
  });

  test("tells of what takes a connection and hangs up", async () => {
    const { order, ended, said, peer, url } = await started({
      ...{ config: { onboarding: true }, usual: hangsUp() },
    });
    const target = url.replace("?unit=1", "");
    const id = order({ kind: "scan", target, units: "1", timeoutMs: 5_000 });
    expect(await ended(id)).toMatchObject({ search: { answering: 1, found: 0, unknown: 1 } });
    const told = said(id).flatMap((one) => (one.state === "progress" && one.unknown) || []);
    expect(told).toMatchObject([{ url: `tcp://127.0.0.1:${peer.port}` }]);
  });
});

function readingOf(result: CommandResult) {
  return result.state === "done" ? result.reading : undefined;
}
