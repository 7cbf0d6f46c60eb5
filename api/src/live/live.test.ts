import type { Socket as NetSocket } from "node:net";
import type { LiveJoined, LiveUpdate } from "@sunledger/model";
import { drivenClock } from "@sunledger/runtime";
import { io } from "socket.io-client";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Listener, type LiveHouse, liveHouse } from "../testing/live-house.ts";
import { sampleAnnouncement } from "../testing/sample-plants.ts";
import { until } from "../testing/until.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const second = 1_000;
const noon = Date.UTC(2026, 5, 21, 4);

let house: LiveHouse;
let client: Listener;
let signedIn: string | undefined;

beforeEach(async () => {
  house = await liveHouse(noon);
  signedIn = undefined;
  for (const device of await house.records.devices(house.organisation)) {
    await house.announce(sampleAnnouncement(device, noon));
  }
  const reach = { state: "reachable" as const, since: noon };
  await house.status({
    ...{ state: "online", at: noon },
    devices: Object.fromEntries([...house.devices.keys()].map((tag) => [tag, reach])),
  });
  client = await house.listen(await house.cookie());
});
afterEach(() => house.stop());

describe("a device's room", () => {
  test("begins with a table and what is known, and goes on with changed values", async () => {
    await house.accepted(noon, { "INV-01": { "ac.power.active": 500 } });
    const room = `device:${id("INV-01")}`;
    const joined = await joinedOnce(room, ({ snapshot }) => snapshot.length > 0);

    expect(joined).toEqual({
      ok: true,
      room,
      at: noon,
      table: [
        [1, id("INV-01"), "ac.power.active", "W", 10 * second],
        [2, id("INV-01"), "ac.energy.export.total", "Wh", 10 * second],
      ],
      snapshot: [[1, 500, noon]],
      devices: { [id("INV-01")]: { state: "reachable", since: noon } },
      coverage: {},
    });

    await house.accepted(noon + second, { "INV-01": { "ac.power.active": 510 } });
    expect(await nextUpdate()).toEqual([room, noon + second, [1, 510]]);
  });

  test("carries counters digit by digit", async () => {
    const room = `device:${id("INV-01")}`;
    await client.join(room);
    await house.accepted(noon, { "INV-01": { "ac.energy.export.total": "90071992547409930" } });

    expect(await nextUpdate()).toEqual([room, noon, [2, "90071992547409930"]]);
  });

  test("is joined anew when its points have changed", async () => {
    const room = `device:${id("INV-01")}`;
    await client.join(room);
    const [device] = await house.records.devices(house.organisation);
    if (!device) throw new Error("no device");
    const before = sampleAnnouncement(device, noon + second);
    const again = new Promise((resolve) => client.socket.io.once("reconnect", resolve));
    await house.announce({ ...before, points: before.points.slice(0, 1) });
    await again;

    const joined = await joinedOnce(room, ({ table }) => table.length === 1);
    expect(joined.table).toHaveLength(1);
  });
});

describe("a plant's room", () => {
  test("sums, at most once a second, with everything of one moment in one message", async () => {
    const room = `plant:${house.plant}`;
    const { table } = await joinedOnce(room, () => true);
    expect(table.slice(0, 3).map(([number, device, point]) => [number, device, point])).toEqual([
      [1, null, "ac.power.active"],
      [2, null, "grid.power.active"],
      [3, null, "met.irradiance.poa"],
    ]);

    await house.accepted(noon, { "INV-01": { "ac.power.active": 500 } });
    await house.accepted(noon, {
      "INV-02": { "ac.power.active": 600 },
      "METER-01": { "ac.power.active": -1_000 },
    });
    await until(async () => (await latestOf("METER-01")) === -1_000);
    await house.clock.advance(house.clock.now() + 100);
    await until(() => client.updates.length > 0);

    expect(valuesOf(client.updates[0])).toEqual({
      1: 1_100,
      2: -1_000,
      [numberOf(table, "INV-01")]: 500,
      [numberOf(table, "INV-02")]: 600,
      [numberOf(table, "METER-01")]: -1_000,
    });
    await house.accepted(noon + 200, { "INV-01": { "ac.power.active": 501 } });
    await until(async () => (await latestOf("INV-01")) === 501);
    await house.clock.advance(house.clock.now() + 500);
    expect(client.updates).toHaveLength(1);
    await house.clock.advance(house.clock.now() + second);
    await until(() => client.updates.length === 2);
    expect(client.updates[1]?.[2]).toEqual(expect.arrayContaining([1, 1_101]));
  });

  test("shows a dead gateway at once, and takes its devices out of the sum", async () => {
    const room = `plant:${house.plant}`;
    await client.join(room);
    await house.accepted(noon, {
      "INV-01": { "ac.power.active": 500 },
      "INV-02": { "ac.power.active": 600 },
    });
    expect(valuesOf(await nextUpdate())).toMatchObject({ 1: 1_100 });

    await house.status({ state: "offline" });
    await until(() => client.reaches.length > 0);

    const [[, devices] = [room, {}]] = client.reaches;
    expect(Object.keys(devices)).toHaveLength(4);
    expect(devices[id("INV-01")]).toEqual({ state: "gatewayOffline", since: house.clock.now() });
    const [, at, values, flags] = await nextUpdate();
    expect([values, flags]).toEqual([[1, null], { 1: "failed" }]);
    expect(at).toBe(noon);
  });

  test("says with each sum over how many devices it goes, and says so again when that changes", async () => {
    await client.join(`plant:${house.plant}`);
    await house.accepted(noon, {
      "INV-01": { "ac.power.active": 500 },
      "INV-02": { "ac.power.active": 600 },
    });
    const [, , , , first] = await nextUpdate();
    expect(first).toEqual({ 1: { reporting: 2, total: 2 } });

    await house.accepted(noon + second, { "INV-02": { "ac.power.active": 1_100 } });
    const reach = { state: "reachable" as const, since: noon };
    const asleep = { state: "asleep" as const, since: noon };
    await house.status({
      ...{ state: "online", at: noon },
      devices: { "INV-01": asleep, "INV-02": reach, "METER-01": reach, "MET-01": reach },
    });
    await until(async () => {
      await house.clock.advance(house.clock.now() + 100);
      return client.updates.some(([, , , , coverage]) => coverage?.[1]?.asleep === 1);
    });
    const joined = await joinedOnce(`plant:${house.plant}`, () => true);
    expect(joined.coverage[1]).toEqual({ reporting: 1, total: 2, asleep: 1 });
    expect(joined.devices[id("INV-01")]).toEqual(asleep);
  });

  test("wakes sleepers by itself when their gateway falls silent", async () => {
    const asleep = { state: "asleep" as const, since: noon };
    const devices = { "INV-01": asleep, "INV-02": asleep };
    await house.status({ ...{ state: "online", at: noon }, devices });
    const joined = await joinedOnce(
      `plant:${house.plant}`,
      ({ coverage }) => coverage[1] !== undefined,
    );
    expect(joined.coverage[1]).toEqual({ reporting: 0, total: 2, asleep: 2 });

    await house.clock.advance(noon + 47 * second);

    await until(() => client.updates.some(([, , values]) => values[1] === null));
    await until(() => client.reaches.length > 0);
    const told = client.reaches.at(-1)?.[1] ?? {};
    expect(told[id("INV-01")]).toEqual({ state: "unheard", since: noon });
  });

  test("tells who has woken together with the sum that no longer counts them", async () => {
    const asleep = { state: "asleep" as const, since: noon };
    await house.status({
      ...{ state: "online", at: noon },
      devices: { "INV-01": asleep, "INV-02": asleep },
    });
    await joinedOnce(`plant:${house.plant}`, isAsleep);

    // Between two looks at the clock, by news of another device.
    await house.clock.advance(noon + 45 * second + 50);
    await house.accepted(noon + 45 * second, { "METER-01": { "ac.power.active": 500 } });

    await until(async () => {
      await house.clock.advance(Math.min(house.clock.now() + 10, noon + 45_900));
      return client.updates.some((update) => valuesOf(update)[1] === null);
    });
    expect(client.reaches.at(-1)?.[1]).toMatchObject({ [id("INV-01")]: { state: "unheard" } });
  });

  test.each(["plant", "device"])(
    "of a %s wakes sleepers once all that answered have grown stale",
    async (subject) => {
      for (const device of await house.records.devices(house.organisation)) {
        const announcement = sampleAnnouncement(device, noon + 1);
        const points = announcement.points.map((point) => ({ ...point, everyMs: second }));
        await house.announce({ ...announcement, points });
      }
      const asleep = { state: "asleep" as const, since: noon };
      const reach = { state: "reachable" as const, since: noon };
      const devices = { "INV-01": asleep, "INV-02": asleep, "METER-01": reach, "MET-01": reach };
      await house.status({ ...{ state: "online", at: noon }, devices });
      await house.accepted(noon, { "METER-01": { "ac.power.active": 500 } });
      const room = subject === "plant" ? `plant:${house.plant}` : `device:${id("INV-01")}`;
      const stood = await joinedOnce(room, (joined) => isAsleep(joined));
      expect(stood.devices[id("INV-01")]).toEqual(asleep);

      // Nobody has looked for long: values may be on their way for 10 s.
      await house.clock.advance(noon + 17 * second);

      await until(() => client.reaches.length > 0);
      const [, told] = client.reaches.at(-1) ?? [];
      expect(told?.[id("INV-01")]).toEqual({ state: "unheard", since: noon });
    },
  );

  test("knows no sum of what was never measured", async () => {
    const joined = await joinedOnce(`plant:${house.plant}`, () => true);

    expect(joined.snapshot).toEqual([]);
  });

  test("lets stale values fall out of the sum when nothing comes any more", async () => {
    await client.join(`plant:${house.plant}`);
    await house.accepted(noon, {
      "INV-01": { "ac.power.active": 500 },
      "INV-02": { "ac.power.active": 600 },
    });
    await nextUpdate();

    await house.clock.advance(noon + 55 * second);

    await until(() => client.updates.some(([, , values]) => values[1] === null));
  });

  test("keeps the plant's gateways awake as long as somebody is there", async () => {
    await client.join(`plant:${house.plant}`);
    await until(() => house.commands.length === 1);
    expect(house.commands[0]).toMatchObject({
      what: { kind: "watch", until: noon + 45 * second },
    });

    await house.clock.advance(noon + 21 * second);
    await until(() => house.commands.length === 2);

    client.socket.emit("leave", `plant:${house.plant}`);
    await beat();
    await house.clock.advance(noon + 90 * second);
    await beat();
    expect(house.commands).toHaveLength(2);
  });
});

test("a slow client loses updates, never their order, and ends up with the newest", async () => {
  const points = Array.from({ length: 2_000 }, (_, i) => `dc.string.${i}.current`);
  const [device] = await house.records.devices(house.organisation);
  if (!device) throw new Error("no device");
  const announced = sampleAnnouncement(device, noon + second);
  const [like] = announced.points;
  if (!like) throw new Error("no point");
  await house.announce({ ...announced, points: points.map((name) => ({ ...like, name })) });
  const room = `device:${id("INV-01")}`;
  await joinedOnce(room, ({ table }) => table.length === points.length);

  const quick = await house.listen(await house.cookie());
  await quick.join(room);

  const wire = wireOf(client);
  wire.pause();
  const sent = 80; // each of 80 kB: more than a connection's buffers hold
  for (let i = 1; i <= sent; i += 1) {
    const value = String(i).padStart(38, "1");
    const values = Object.fromEntries(points.map((name) => [name, value]));
    await house.accepted(noon + i * second, { "INV-01": values });
    await until(async () => {
      await house.clock.advance(house.clock.now() + 250);
      return quick.updates.at(-1)?.[1] === noon + i * second;
    });
  }
  expect(quick.updates).toHaveLength(sent);
  wire.resume();
  await until(async () => {
    await house.clock.advance(house.clock.now() + second);
    return client.updates.at(-1)?.[1] === noon + sent * second;
  });

  const times = client.updates.map(([, at]) => at);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times.length).toBeLessThan(sent);
});

describe("the live side", () => {
  test("says each second that it is there", async () => {
    await house.clock.advance(noon + 2.5 * second);
    await until(() => client.beats.length === 2);

    expect(client.beats).toEqual([noon + second, noon + 2 * second]);
  });

  test("lets nobody in without a session, nor from another site", async () => {
    await expect(house.listen("")).rejects.toThrow("identity.notSignedIn");

    const cookie = await house.cookie();
    const evil = await fetch(`${house.address}/socket.io/?EIO=4&transport=websocket`, {
      headers: { cookie, origin: "https://evil.example" },
    });
    expect(evil.ok).toBe(false);
  });

  test("has nothing but its own namespace, for nobody", async () => {
    const refused = async (cookie: string) => {
      const socket = io(house.address, {
        ...{ transports: ["websocket"], extraHeaders: { cookie }, forceNew: true },
        reconnection: false,
      });
      const answer = await new Promise((resolve) => {
        socket.once("connect", () => resolve("let in"));
        socket.once("connect_error", ({ message }) => resolve(message));
      });
      socket.disconnect();
      return answer;
    };

    expect(await refused("")).toBe("live.noSuchNamespace");
    expect(await refused(await house.cookie())).toBe("live.noSuchNamespace");
  });

  test("tells nobody of another organisation anything, whether somebody listens or not", async () => {
    const stranger = await house.listen(await house.cookie("other"));
    const own = [`plant:${house.plant}`, `device:${id("INV-01")}`];
    const none = { ok: false, code: "live.noSuchRoom" };

    for (const room of own) expect(await stranger.join(room)).toEqual(none);
    for (const room of own) expect(await client.join(room)).toMatchObject({ ok: true });
    for (const room of own) expect(await stranger.join(room)).toEqual(none);
    const hidden = await stranger.join(`organisation:${house.organisation}`);
    expect(hidden).toEqual({ ok: false, code: "live.badRoom" });

    const heard: unknown[] = [];
    const told: unknown[] = [];
    stranger.socket.onAny((event) => event !== "beat" && heard.push(event));
    client.socket.onAny((event) => event !== "beat" && told.push(event));
    await house.accepted(noon, { "INV-01": { "ac.power.active": 500 } });
    await nextUpdate();
    const pushed = { version: 1, state: "applied" as const, at: noon };
    await house.status({
      ...{ state: "online", at: noon, configuration: { source: "platform", version: 1, pushed } },
      devices: { "INV-01": { state: "unreachable", since: noon } },
    });
    await until(() => ["m", "reach", "changed"].every((event) => told.includes(event)));
    const beats = stranger.beats.length;
    await until(async () => {
      await house.clock.advance(house.clock.now() + second);
      return stranger.beats.length > beats + 1;
    });
    expect(heard).toEqual([]);
  });

  test("knows no rooms of plants that are not there", async () => {
    expect(await client.join("plant:not-a-plant")).toEqual({ ok: false, code: "live.badRoom" });
    expect(await client.join(`plant:${crypto.randomUUID()}`)).toEqual({
      ok: false,
      code: "live.noSuchRoom",
    });
  });

  test("ends the connection with the session", async () => {
    const cookie = await house.cookie();
    const leaving = await house.listen(cookie);
    const gone = new Promise((resolve) => leaving.socket.once("disconnect", resolve));

    await fetch(`${house.address}/api/v1/session`, { method: "DELETE", headers: { cookie } });

    expect(await gone).toBe("io server disconnect");
  });

  test.each([
    ["has ended elsewhere", () => house.endSessions()],
    [
      "has gone over to another organisation",
      () => {
        const { membership } = house.records;
        house.records.membership = async (user) => {
          const known = await membership(user);
          return known && { ...known, organisation: crypto.randomUUID() };
        };
      },
    ],
    [
      "belongs to nobody's organisation any more",
      () => {
        house.records.membership = async () => undefined;
      },
    ],
  ])("ends the connection of a sign-in that %s, within a minute", async (_, happens) => {
    await client.join(`plant:${house.plant}`);
    const gone = new Promise((resolve) => client.socket.once("disconnect", resolve));
    happens();
    await house.clock.advance(noon + 61 * second);

    expect(await gone).toBe("io server disconnect");
  });

  test("ends it by real time, where the house's clock stands still", async () => {
    const pace = drivenClock(noon);
    const still = await liveHouse(noon, { pace });
    const listener = await still.listen(await still.cookie());
    const gone = new Promise((resolve) => listener.socket.once("disconnect", resolve));
    still.endSessions();
    await pace.advance(noon + 61 * second);

    expect(await gone).toBe("io server disconnect");
    await still.stop();
  });

  test("goes on with a sign-in that still is, minute after minute", async () => {
    await house.clock.advance(noon + 200 * second);
    await beat();

    expect(client.socket.connected).toBe(true);
  });
});

function id(tag: string): string {
  return house.devices.get(tag) ?? "";
}

/** Joins until the answer is as wished: what the broker brings may still be on its way. */
async function joinedOnce(room: string, wished: (joined: LiveJoined) => boolean) {
  let found: LiveJoined | undefined;
  await until(async () => {
    client.socket.emit("leave", room);
    const joined = await client.join(room);
    if (joined.ok && joined.table.length > 0 && wished(joined)) found = joined;
    return found;
  });
  return found as LiveJoined;
}

/** The next update, the clock going on until it is there. */
async function nextUpdate(): Promise<LiveUpdate> {
  const before = client.updates.length;
  await until(async () => {
    await house.clock.advance(house.clock.now() + 100);
    return client.updates.length > before;
  });
  return client.updates[before] as LiveUpdate;
}

/** Waits until everything that was sent before has arrived. */
async function beat(): Promise<void> {
  const before = client.beats.length;
  await until(async () => {
    await house.clock.advance(house.clock.now() + second);
    return client.beats.length > before;
  });
}

async function latestOf(tag: string): Promise<unknown> {
  signedIn ??= await house.cookie();
  const answer = await fetch(`${house.address}/api/v1/devices/${id(tag)}/latest`, {
    headers: { cookie: signedIn },
  });
  const { values } = (await answer.json()) as { values: { point: string; value: unknown }[] };
  return values.find(({ point }) => point === "ac.power.active")?.value;
}

/** The client's own end of the wire. */
function wireOf({ socket }: Listener): NetSocket {
  const { ws } = socket.io.engine.transport as unknown as { ws: { _socket: NetSocket } };
  return ws._socket;
}

function valuesOf(update: LiveUpdate | undefined): Record<number, unknown> {
  const [, , values = []] = update ?? [];
  const pairs: Record<number, unknown> = {};
  for (let i = 0; i < values.length; i += 2) pairs[Number(values[i])] = values[i + 1];
  return pairs;
}

function numberOf(table: LiveJoined["table"], tag: string): number {
  return table.find(([, device]) => device === id(tag))?.[0] ?? 0;
}

function isAsleep({ devices }: LiveJoined): boolean {
  return devices[id("INV-01")]?.state === "asleep";
}
