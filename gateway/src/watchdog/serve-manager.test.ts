import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { hasNotify, type NotifyPeer, notifyPeer } from "../../../tests/support/notify-peer.ts";
import { patient } from "../../../tests/support/patient.ts";
import { serveManager } from "./serve-manager.ts";

const log = pino({ level: "silent" });

describe.runIf(hasNotify || process.env.CI === "true")("a service manager", () => {
  let peer: NotifyPeer;
  let stops: (() => unknown)[];
  beforeEach(async () => {
    peer = await notifyPeer();
    stops = [];
  });
  afterEach(async () => {
    for (const stop of stops.reverse()) await stop();
    await peer.close();
  });

  test("hears that the program is ready, and that it stops", async () => {
    await serve({ stalled: () => [] });
    for (const stop of stops.splice(0).reverse()) await stop();

    await vi.waitFor(() => expect(peer.states).toEqual(["READY=1", "STOPPING=1"]), patient);
  });

  test("hears signs of life three times within its patience", async () => {
    const asked: number[] = [];
    await serve({
      watchdogMs: 300,
      stalled(elapsedMs) {
        asked.push(elapsedMs);
        return [];
      },
    });

    await vi.waitFor(() => expect(signs().length).toBeGreaterThan(2), patient);
    expect(asked[0]).toBe(100);
  });

  test("hears none while something stands still", async () => {
    let devices: string[] = [];
    let asked = 0;
    await serve({
      watchdogMs: 300,
      stalled() {
        asked += 1;
        return devices;
      },
    });
    await vi.waitFor(() => expect(signs().length).toBeGreaterThan(0), patient);

    devices = ["INV-01"];
    let before = 0;
    // Those that are told already may be long on their way.
    await vi.waitFor(async () => {
      before = signs().length;
      const from = asked;
      await vi.waitFor(() => expect(asked).toBeGreaterThan(from + 10), patient);
      expect(signs()).toHaveLength(before);
    }, patient);

    devices = [];
    await vi.waitFor(() => expect(signs().length).toBeGreaterThan(before), patient);
  });

  test("that is not there stops nothing", async () => {
    await peer.close();
    await serve({ stalled: () => [] });
    peer = await notifyPeer();

    expect(peer.states).toEqual([]);
  });

  const signs = () => peer.states.filter((state) => state === "WATCHDOG=1");

  function serve(parts: Omit<Parameters<typeof serveManager>[0], "socket">) {
    const onStop = (_name: string, stop: () => unknown) => void stops.push(stop);
    return serveManager({ socket: peer.socket, ...parts }, { log, onStop });
  }
});
