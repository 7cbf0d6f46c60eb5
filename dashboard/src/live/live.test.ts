import { describe, expect, test } from "vitest";
import { openLive } from "./live.ts";
import { handClock, handSocket } from "./testing/by-hand.ts";

const plant = "plant:01890000-0000-7000-8000-000000000001";
const inverter = "01890000-0000-7000-8000-000000000101";

describe("the live connection", () => {
  test("says that it reconnects after 3 s and makes everything stale after 10 s", async () => {
    const { live, socket, clock } = await connected();
    expect(live.connection().state).toBe("live");

    socket.hear("disconnect");
    clock.pass(2_900);
    expect(live.connection().state).toBe("live");
    clock.pass(200);
    expect(live.connection()).toEqual({ state: "reconnecting" });
    clock.pass(7_000);
    expect(live.connection().state).toBe("lost");
  });

  test("tells that nobody is signed in any more, and not of other refusals", async () => {
    const { live, socket } = await connected();
    let told = 0;
    live.onSignedOut(() => {
      told += 1;
    });

    socket.hear("connect_error", new Error("live.unavailable"));
    expect(told).toBe(0);
    socket.hear("connect_error", new Error("identity.notSignedIn"));
    expect(told).toBe(1);
  });

  test("tells which command or gateway is not as it was, and of nothing else", async () => {
    const { live, socket } = await connected();
    const told: unknown[] = [];
    const stop = live.onChange((change) => told.push(change));

    socket.hear("changed", ["command", "1"]);
    socket.hear("changed", ["plant", "1"]);
    stop();
    socket.hear("changed", ["gateway", "roof-17"]);
    expect(told).toEqual([["command", "1"]]);
  });

  test("is lost when the server falls silent on an open line", async () => {
    const { live, clock } = await connected();

    clock.pass(2_900);
    expect(live.connection().state).toBe("live");
    clock.pass(100);
    expect(live.connection()).toEqual({ state: "reconnecting" });
    clock.pass(7_000);
    expect(live.connection().state).toBe("lost");
  });

  test("says so the moment that the silence has lasted too long", async () => {
    const { live, clock } = await connected();
    const said: string[] = [];
    live.subscribe(() => void said.push(`${clock.now()} ${live.connection().state}`));

    clock.pass(3_500);

    expect(said.find((line) => line.endsWith("reconnecting"))).toBe("3000 reconnecting");
  });

  test("fills the gap of a silence on an open line before it calls itself live", async () => {
    const { live, socket, clock } = await connected();
    let filled = () => {};
    live.onReturn(() => new Promise<void>((resolve) => (filled = resolve)));
    clock.pass(12_000);

    socket.hear("beat", { at: 17_000 });
    expect(live.connection().state).toBe("lost");
    expect(socket.sent.filter(([event]) => event === "join")).toHaveLength(2);

    socket.answer(joined(17_000));
    filled();
    await settled();
    expect(live.connection().state).toBe("live");
  });

  test("is kept by the beats of a quiet plant at night", async () => {
    const { live, socket, clock } = await connected();

    // One in two is lost or late, which is no reason for an alarm.
    for (let beat = 2; beat <= 20; beat += 2) {
      clock.pass(2_000);
      expect(live.connection().state).toBe("live");
      socket.hear("beat", { at: 5_000 + beat * 1_000 });
    }
    expect(socket.sent.filter(([event]) => event === "join")).toHaveLength(1);
  });

  test("joins its rooms again and fills the gap before it calls itself live", async () => {
    const { live, socket, clock } = await connected();
    let filled = () => {};
    live.onReturn(() => new Promise<void>((resolve) => (filled = resolve)));
    socket.hear("disconnect");
    clock.pass(12_000);

    socket.hear("connect");
    socket.answer(joined(17_000));
    await settled();
    expect(live.connection().state).toBe("lost");

    filled();
    await settled();
    expect(live.connection().state).toBe("live");
    expect(socket.sent.filter(([event]) => event === "join")).toHaveLength(2);
  });

  test("asks again for a room whose answer never comes", async () => {
    const { live, socket, clock } = await connected();
    const joins = () => socket.sent.filter(([event]) => event === "join").length;
    socket.hear("disconnect");
    clock.pass(12_000);
    socket.hear("connect");
    socket.loseAnswers();
    clock.pass(4_900);
    expect([joins(), live.connection().state]).toEqual([2, "lost"]);

    clock.pass(100);
    expect(joins()).toBe(3);
    socket.answer(joined(22_000));
    await settled();
    expect(live.connection().state).toBe("live");
    clock.pass(20_000);
    expect(joins()).toBe(3);
  });

  test("asks no more for a room that was left or whose line is broken", async () => {
    const { live, socket, clock, leave } = await connected();
    const joins = () => socket.sent.filter(([event]) => event === "join").length;
    const leaveOther = live.join(`${plant}-other`);
    socket.loseAnswers();
    leaveOther();
    clock.pass(30_000);
    const before = joins();
    socket.hear("disconnect");
    clock.pass(30_000);
    expect([before, joins()]).toEqual([2, 2]);
    leave();
  });

  test("counts as live only by its latest return", async () => {
    const { live, socket, clock } = await connected();
    const fills: (() => void)[] = [];
    live.onReturn(() => new Promise<void>((resolve) => void fills.push(resolve)));
    for (const at of [20_000, 40_000]) {
      socket.hear("disconnect");
      clock.pass(12_000);
      socket.hear("connect");
      socket.answer(joined(at));
      await settled();
    }

    fills[0]?.();
    await settled();
    expect(live.connection().state).toBe("lost");
    fills[1]?.();
    await settled();
    expect(live.connection().state).toBe("live");
  });

  test("draws at most once a second, and each second without messages", async () => {
    const { live, socket, clock } = await connected();
    clock.pass(2_000);
    let drawn = 0;
    live.subscribe(() => {
      drawn += 1;
    });
    for (let message = 0; message < 20; message += 1) {
      socket.hear("m", [plant, 10_000 + message, [1, message]]);
      clock.pass(100);
    }
    expect(drawn).toBeLessThanOrEqual(3);
    const before = drawn;
    clock.pass(5_000);
    expect(drawn - before).toBeGreaterThanOrEqual(4);
    expect(drawn - before).toBeLessThanOrEqual(6);
  });

  test("shows news at once, wherever it falls between two drawings that let values age", async () => {
    for (const phase of [0, 200, 700, 1_050]) {
      const { live, socket, clock } = await connected();
      clock.pass(2_500 + phase);
      await settled();
      for (let second = 1; second <= 5; second += 1) {
        const before = live.version();
        socket.hear("m", [plant, 10_000 + second * 1_000, [1, second]]);
        expect(live.version()).toBe(before + 1);
        clock.pass(1_000);
      }
    }
  });

  test("takes time from the server, not from the browser", async () => {
    const { live, socket, clock } = await connected();
    socket.hear("beat", { at: 1_000_000 });
    clock.pass(250);

    expect(live.serverNow()).toBe(1_000_250);
  });

  test("keeps the latest values of each point for the curve", async () => {
    const { live, socket } = await connected();
    socket.hear("m", [plant, 6_000, [1, 600]]);
    socket.hear("m", [plant, 7_000, [1, 700]]);

    expect(live.ring(plant, null, "ac.power.active")?.since(5_500)).toEqual({
      at: [6_000, 7_000],
      value: [600, 700],
    });
  });

  test("is as new as its devices, not as the sums that go on without them", async () => {
    const { live, socket, clock } = await connected();
    socket.hear("m", [plant, 6_000, [2, 80]]);
    expect(live.newest()).toEqual({ at: 6_000, state: "live" });

    for (let second = 1; second <= 9; second += 1) {
      clock.pass(1_000);
      socket.hear("m", [plant, 6_000 + second * 1_000, [1, null], { "1": "failed" }]);
      socket.hear("beat", { at: 6_000 + second * 1_000 });
    }
    expect(live.newest()).toEqual({ at: 6_000, state: "stale" });
  });

  test("is no newer for what says nothing new of a device", async () => {
    const { live, socket, clock } = await connected();
    socket.hear("m", [plant, 6_000, [2, 80]]);

    clock.pass(9_000);
    socket.hear("beat", { at: 15_000 });
    socket.hear("reach", [plant, { [inverter]: { state: "reachable", since: 0 } }]);
    socket.hear("changed", ["command", "1"]);
    socket.hear("m", [plant, 15_000, [1, null]]);
    expect(live.newest().at).toBe(6_000);
    socket.hear("disconnect");
    clock.pass(12_000);

    expect(live.connection()).toEqual({ state: "lost" });
    expect(live.newest().at).toBe(6_000);
  });

  test("leaves a room that nobody looks at, a moment later", async () => {
    const { live, socket, clock, leave } = await connected();
    leave();
    const stay = live.join(plant);
    clock.pass(10_000);
    expect(socket.sent.some(([event]) => event === "leave")).toBe(false);

    stay();
    clock.pass(10_000);
    expect(socket.sent.at(-1)).toEqual(["leave", plant]);
  });

  test("does not take what it does not understand", async () => {
    const { live, socket } = await connected();
    socket.hear("m", ["nonsense"]);
    socket.hear("beat", {});

    expect(live.room(plant)?.points.get("/ac.power.active")?.value).toBe(500);
  });
});

async function connected() {
  const clock = handClock();
  const socket = handSocket();
  const live = openLive(socket, clock);
  live.start();
  const leave = live.join(plant);
  socket.hear("connect");
  socket.answer(joined(5_000));
  await settled();
  return { live, socket, clock, leave };
}

function joined(at: number) {
  return {
    ok: true,
    room: plant,
    at,
    table: [
      [1, null, "ac.power.active", "W", 1_000],
      [2, inverter, "ac.power.active", "W", 1_000],
    ],
    snapshot: [[1, 500, at]],
    devices: { [inverter]: { state: "reachable", since: 0 } },
    coverage: { 1: { reporting: 1, total: 1 } },
  };
}

function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
