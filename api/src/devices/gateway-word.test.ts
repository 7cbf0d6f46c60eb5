import type { Device, Gateway, GatewayStatus } from "@sunledger/model";
import { type DrivenClock, drivenClock } from "@sunledger/runtime";
import { beforeEach, expect, test } from "vitest";
import { type GatewayWord, gatewayWord } from "./gateway-word.ts";

const second = 1_000;
const night = Date.UTC(2026, 5, 20, 16);
const device: Device = {
  ...{ id: "inverter", plant: "p1", tag: "INV-01", kind: "inverter" },
  ...{ gateway: "gw", atGrid: false },
  name: { en: "Inverter", zh: "逆变器" },
};

let clock: DrivenClock;
let word: GatewayWord;

beforeEach(() => {
  clock = drivenClock(night);
  word = gatewayWord(clock);
});

test("a device sleeps as long as its gateway keeps saying so, however long that is", async () => {
  for (let at = night; at <= night + 600 * second; at += 15 * second) {
    await clock.advance(at);
    word.statusHeard("gw", sleeping(at), at);
  }
  await clock.advance(clock.now() + 45 * second);

  expect(word.reachOf(device)).toEqual({ state: "asleep", since: night });
});

test("of a gateway that has missed three statuses nobody knows who sleeps", async () => {
  word.statusHeard("gw", sleeping(night), night);
  await clock.advance(night + 45 * second + 1);

  expect(word.reachOf(device)).toEqual({ state: "unheard", since: night });

  word.statusHeard("gw", sleeping(clock.now()), clock.now());
  expect(word.reachOf(device)).toEqual({ state: "asleep", since: night });
});

test("where all that answered have grown stale nobody knows who sleeps any more", async () => {
  const reach = { state: "reachable" as const, since: night };
  const { devices, ...status } = sleeping(night);
  word.statusHeard("gw", { ...status, devices: { ...devices, "MET-01": reach } }, night);
  const meter = { tag: "MET-01", everyMs: second };
  const reachBy = (newestAt: number) =>
    word.reachOf(device, undefined, () => ({ polled: [{ ...meter, newestAt }], slackMs: 0 }));
  await clock.advance(night + 10 * second);

  expect(reachBy(night + 5 * second)).toEqual({ state: "asleep", since: night });
  expect(reachBy(night + 5 * second - 1)).toEqual({ state: "unheard", since: night });
});

test("what the broker has kept is as old as it says, and no newer than its coming", async () => {
  await clock.advance(night + 60 * second);
  word.statusHeard("gw", sleeping(night), clock.now(), "retained");
  expect(word.reachOf(device)).toEqual({ state: "unheard", since: night });

  word.statusHeard("gw", sleeping(night + 3_600 * second), clock.now(), "retained");
  await clock.advance(clock.now() + 46 * second);
  expect(word.reachOf(device).state).toBe("unheard");
});

test("a gateway's own clock does not age what it says now", () => {
  word.statusHeard("gw", sleeping(night - 3_600 * second), night);

  expect(word.reachOf(device).state).toBe("asleep");
});

test("the records' copy counts by the time that it was heard", async () => {
  const recorded = { id: "gw", plant: "p1", status: sleeping(night), heardAt: night } as Gateway;
  expect(word.reachOf(device, recorded).state).toBe("asleep");

  await clock.advance(night + 46 * second);
  expect(word.reachOf(device, recorded)).toEqual({ state: "unheard", since: night });
});

test("what cannot be reached stays so, however old the word", async () => {
  const reason = "no answer";
  const unreachable = { state: "unreachable" as const, since: night, reason };
  word.statusHeard("gw", { ...sleeping(night), devices: { "INV-01": unreachable } }, night);
  await clock.advance(night + 3_600 * second);

  expect(word.reachOf(device)).toEqual(unreachable);
});

function sleeping(at: number): GatewayStatus {
  const devices = { "INV-01": { state: "asleep" as const, since: night } };
  return { v: 1, state: "online", at, devices };
}
