import type { DeviceAnnouncement, DeviceReach } from "@sunledger/model";
import { type Clock, drivenClock } from "@sunledger/runtime";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import type { Device } from "./device.ts";
import type { PollClass } from "./poll-class.ts";
import type { Polled } from "./polled.ts";
import { startPolling } from "./start-polling.ts";

const start = Date.UTC(2026, 5, 1, 12);
const second = 1_000;

describe("the schedule (gateway traits 6, 7)", () => {
  test("the first poll reads everything, later ones what is due", async () => {
    const { device, clock } = polling();

    await clock.advance(start + 20 * second);

    expect(device.polls[0]).toEqual([second, ["fast", "normal", "slow", "once"]]);
    expect(device.polls[1]).toEqual([2 * second, ["fast"]]);
    expect(device.polls.find(([at]) => at === 10 * second)?.[1]).toEqual(["fast", "normal"]);
    expect(device.polls).toHaveLength(20);
  });

  test("all classes due in a slot make one poll, at the slot's time", async () => {
    const { device, clock, frames } = polling();

    await clock.advance(start + 60 * second);

    expect(device.polls.at(-1)).toEqual([60 * second, ["fast", "normal", "slow"]]);
    expect(frames.at(-1)?.at).toBe(start + 60 * second);
  });

  test("what came due while a poll outlasted its slot is due in the next", async () => {
    const { device, clock } = polling();
    await clock.advance(start + 9 * second);
    device.refuse = true;
    await clock.advance(start + 10 * second);
    device.refuse = false;

    await clock.advance(start + 15 * second);

    expect(device.polls.at(-1)?.[1]).toEqual(["fast"]);
    expect(device.polls.some(([at, due]) => at > 10 * second && due.includes("normal"))).toBe(true);
  });

  test("a device that is taken out ends with its poll under way, whole; the others go on", async () => {
    const [leaving, staying] = [fakeDevice("INV-01"), fakeDevice("INV-02")];
    const { clock, frames, running } = polling([staying]);
    let finish = () => {};
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const poll = leaving.poll;
    const stop = running.add({
      ...leaving,
      async poll(slot, due, signal) {
        await held;
        if (signal.aborted) throw new Error("cut short");
        return poll.call(leaving, slot, due, signal);
      },
    });
    const advanced = clock.advance(start + second);
    await new Promise(setImmediate);

    const stopped = stop();
    finish();
    await Promise.all([stopped, advanced]);
    await clock.advance(start + 5 * second);

    expect(frames.filter(({ device }) => device === "INV-01")).toHaveLength(1);
    expect(frames.filter(({ device }) => device === "INV-02")).toHaveLength(5);
  });

  test("a dead device is tried rarely, and with one request", async () => {
    const { device, clock, reaches } = polling();
    await clock.advance(start + 2 * second);
    device.dead = true;

    await clock.advance(start + 600 * second);

    // Failing once by poll, then by trial after 1, 2, 4 … 60 s.
    expect(device.polls.length).toBe(3);
    expect(device.trials).toBeGreaterThan(8);
    expect(device.trials).toBeLessThan(20);
    expect(reaches.map(({ state }) => state)).toEqual(["reachable", "unreachable"]);
  });

  test("back again, it is polled as before", async () => {
    const { device, clock, reaches } = polling();
    device.dead = true;
    await clock.advance(start + 30 * second);
    device.dead = false;

    await clock.advance(start + 120 * second);

    const last = device.polls.slice(-10).map(([at]) => at);
    expect(last).toEqual(Array.from({ length: 10 }, (_, i) => (111 + i) * second));
    expect(reaches.map(({ state }) => state)).toEqual(["unreachable", "reachable"]);
  });

  test("one dead device does not hold up another", async () => {
    const dead = fakeDevice("dead");
    dead.dead = true;
    const alive = fakeDevice("alive");
    const { clock } = polling([dead, alive]);

    await clock.advance(start + 30 * second);

    expect(alive.polls).toHaveLength(30);
  });

  test("an announcement is told once, and again when it changes", async () => {
    const { device, clock, announcements } = polling();
    await clock.advance(start + 5 * second);
    device.announced = { ...device.announced, texts: { "id.serial": "2" } };

    await clock.advance(start + 10 * second);

    expect(announcements.map(({ texts }) => texts)).toEqual([{}, { "id.serial": "2" }]);
  });

  test("it stops with the signal, and says when all is handed on", async () => {
    const { device, clock, stop, running } = polling();
    await clock.advance(start + 3 * second);

    stop();
    await running.settled();
    await clock.advance(start + 10 * second);

    expect(device.polls).toHaveLength(3);
  });
});

describe("a wall clock that steps", () => {
  const hour = 3_600 * second;

  test("back: polling goes on at once, in the new time", async () => {
    const { device, slot } = steppedPolling();
    for (let at = hour; at <= hour + 20 * second; at += second) await slot(at);
    device.polls.length = 0;

    for (let at = second; at <= 60 * second; at += second) await slot(at);

    expect(device.polls).toHaveLength(60);
    expect(device.polls[0]).toEqual([second, ["fast", "normal", "slow", "once"]]);
    expect(device.polls.at(-1)?.[1]).toEqual(["fast", "normal", "slow"]);
  });

  test("ahead and back again: nothing is left out", async () => {
    const { device, slot } = steppedPolling();
    for (const at of [1, 2, 7_200, 7_201, 3, 4, 5]) await slot(at * second);

    expect(device.polls.map(([at]) => at / second)).toEqual([1, 2, 7_200, 7_201, 3, 4, 5]);
  });

  test("back: a device that was given time to rest is tried at once", async () => {
    const { device, slot } = steppedPolling();
    device.dead = true;
    for (let at = 1; at <= 20; at += 1) await slot(hour + at * second);
    const { trials } = device;

    await slot(second);
    await slot(2 * second);

    expect(device.trials).toBe(trials + 1);
  });

  test("back: one warning tells the size of the step, however many devices", async () => {
    const devices = ["INV-01", "INV-02", "INV-03"].map(fakeDevice);
    const { slot, warnings } = steppedPolling(devices);
    await slot(hour);
    await slot(hour + second);

    for (let at = second; at <= 10 * second; at += second) await slot(at);

    expect(warnings).toMatchObject([{ stepMs: -hour }]);
  });

  test("not back: slots that a busy machine serves late and out of order say nothing of the clock", async () => {
    const { late, warnings } = steppedPolling(["INV-01", "INV-02"].map(fakeDevice));

    await late(30 * second, [30 * second, second]);

    expect(warnings).toEqual([]);
  });
});

/** Polls at the slots that are named, in that order. */
function steppedPolling(devices: readonly FakeDevice[] = [fakeDevice("INV-01")]) {
  const tasks: ((slot: number) => unknown)[] = [];
  let now = start;
  const clock: Clock = {
    now: () => now,
    wait: async () => {},
    pause: async () => {},
    every: (_ms, task) => void tasks.push(task),
  };
  const warnings: unknown[] = [];
  const { add } = startPolling(
    {
      clock,
      log: pino({ level: "warn" }, { write: (line) => void warnings.push(JSON.parse(line)) }),
      onPolled: () => {},
      onReach: () => {},
      onAnnouncement: () => {},
      random: () => 0.5,
    },
    new AbortController().signal,
  );
  const [device] = devices;
  if (!device) throw new Error("no device");
  for (const one of devices) add(one);
  const slot = async (at: number) => {
    now = start + at;
    for (const task of tasks) await task(start + at);
  };
  /** Serves one slot of each device, all at that time. */
  const late = async (at: number, slots: readonly number[]) => {
    now = start + at;
    for (const [i, task] of tasks.entries()) await task(start + (slots[i] ?? at));
  };
  return { device, slot, late, warnings };
}

function polling(devices: readonly FakeDevice[] = [fakeDevice("INV-01")]) {
  const clock = drivenClock(start);
  const stopping = new AbortController();
  const frames: Polled[] = [];
  const reaches: DeviceReach[] = [];
  const announcements: DeviceAnnouncement[] = [];
  const running = startPolling(
    {
      clock,
      log: pino({ level: "silent" }),
      onPolled: (polled) => void frames.push(...polled),
      onReach: (_tag, reach) => void reaches.push(reach),
      onAnnouncement: (announcement) => void announcements.push(announcement),
      random: () => 0.5,
    },
    stopping.signal,
  );
  const [device] = devices;
  if (!device) throw new Error("no device");
  for (const one of devices) running.add(one);
  return {
    device,
    clock,
    frames,
    reaches,
    announcements,
    running,
    stop: () => stopping.abort(),
  };
}

type FakeDevice = Device & {
  /** Slot since the start, and the classes. */
  readonly polls: [number, PollClass[]][];
  trials: number;
  dead: boolean;
  refuse: boolean;
  announced: DeviceAnnouncement;
};

function fakeDevice(tag: string): FakeDevice {
  const everyMs = { fast: second, normal: 10 * second, slow: 60 * second, once: 86_400 * second };
  let reach: DeviceReach = { state: "connecting", since: start };
  const become = (state: DeviceReach["state"], since: number) => {
    if (reach.state !== state) reach = { state, since };
  };
  const device: FakeDevice = {
    tag,
    polls: [],
    trials: 0,
    dead: false,
    refuse: false,
    announced: {
      v: 1,
      tag,
      at: start,
      profile: { id: "sunspec", version: "1" },
      kind: "inverter",
      texts: {},
      points: [],
    },
    everyMs: (pollClass) => everyMs[pollClass],
    line: () => Promise.reject(new Error("no line")),
    announcement: () => device.announced,
    reach: () => reach,
    points: () => undefined,
    trace: () => {
      throw new Error("not of interest here");
    },
    figures: () => {
      throw new Error("not asked for");
    },
    async tryOnce() {
      device.trials += 1;
      if (device.dead) throw new Error("no answer");
    },
    async poll(slot, due) {
      device.polls.push([slot - start, [...due]]);
      if (device.refuse) throw new Error("no answer");
      if (device.dead) {
        become("unreachable", slot);
        throw new Error("no answer");
      }
      become("reachable", slot);
      return [{ device: tag, lane: "values", at: slot, points: ["ac.power.active"], values: [1] }];
    },
  };
  return device;
}
