import { drivenClock } from "@sunledger/runtime";
import { expect, test, vi } from "vitest";
import { modbusPeer } from "../../../tests/support/modbus-peer/modbus-peer.ts";
import { patient } from "../../../tests/support/patient.ts";
import { openDevice } from "./open-device.ts";
import { pollClasses } from "./poll-class.ts";
import { closeAll, linksOf, never, profiles, start, valuesOf } from "./testing/opened-device.ts";

test("a device polled more rarely than its connection lives is met anew, and stays reachable (trait 19)", async () => {
  const registers = Array.from({ length: 500 }, (_, at) => [at, 0] as const);
  const peer = await modbusPeer({ registers });
  const profile = profiles.get("eastron-sdm630");
  if (!profile) throw new Error("there is no profile eastron-sdm630");
  const limits = { ...profile.limits, minRequestIntervalMs: 0, idleDisconnectMs: 60 };
  const lost = vi.fn();
  const quiet = () => undefined;
  const device = openDevice({
    config: {
      ...{ tag: "METER-01", url: `tcp://127.0.0.1:${peer.port}?unit=1`, profile: profile.id },
    },
    profiles: new Map([[profile.id, { ...profile, limits }]]),
    ...{ models: new Map(), links: linksOf(), clock: drivenClock(start) },
    classes: { fast: 1_000, normal: 10_000, slow: 60_000 },
    log: { debug: quiet, info: quiet, warn: lost },
  });
  try {
    for (let minutes = 0; minutes < 3; minutes += 1) {
      const polled = await device.poll(start + minutes * 60_000, new Set(pollClasses), never);
      expect(valuesOf(polled)).toMatchObject({ "ac.power.active": 0 });
      expect(device.reach()).toEqual({ state: "reachable", since: start });
      await vi.waitFor(() => expect(peer.clients()).toBe(0), patient);
    }

    expect(peer.connections()).toBe(3);
    const { requests, answered } = device.figures();
    expect(answered).toBe(requests);
    expect(lost).not.toHaveBeenCalled();
  } finally {
    await closeAll();
    await peer.close();
  }
});
