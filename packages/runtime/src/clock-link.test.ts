import { createServer, type Server, type Socket } from "node:net";
import { Aedes } from "aedes";
import { connectAsync } from "mqtt";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openClock, openDriver } from "./clock-link.ts";
import type { Scope } from "./service.ts";

let broker: Aedes;
let url: string;
let closeBroker: () => Promise<void>;
let stops: (() => unknown)[] = [];

beforeEach(async () => {
  broker = await Aedes.createBroker();
  const server = createServer(broker.handle);
  url = await listening(server);
  closeBroker = async () => {
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    await new Promise((resolve) => server.close(resolve));
  };
});

afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  stops = [];
  await closeBroker();
});

describe("a clock driven over the broker", () => {
  test("starts at the driver's time and answers when what is due is done", async () => {
    const driver = await openDriver({ mqttUrl: url, secret: "s" }, []);
    stops.push(() => driver.close());
    await driver.tick(10_000);

    const settings = { mode: "driven", mqttUrl: url, user: "roof-1", secret: "s" } as const;
    const clock = await openClock(scope(), settings);
    expect(clock.now()).toBe(10_000);
    const slots: number[] = [];
    clock.every(1_000, async (slot) => void slots.push(slot), new AbortController().signal);
    await driver.close();

    const next = await openDriver({ mqttUrl: url, secret: "s", user: "_driver2" }, ["roof-1"]);
    stops.push(() => next.close());
    await next.tick(13_000);

    expect(slots).toEqual([11_000, 12_000, 13_000]);
    expect(clock.now()).toBe(13_000);
  });

  test("tells the driver when it has something to do next", async () => {
    const driver = await openDriver({ mqttUrl: url, secret: "s" }, []);
    stops.push(() => driver.close());
    await driver.tick(10_000);
    const settings = { mode: "driven", mqttUrl: url, user: "roof-1", secret: "s" } as const;
    const clock = await openClock(scope(), settings);
    clock.every(60_000, () => {}, new AbortController().signal);
    expect(driver.nextDue(["roof-1"])).toBeUndefined();
    await driver.close();

    const next = await openDriver({ mqttUrl: url, secret: "s" }, ["roof-1"]);
    stops.push(() => next.close());
    await next.tick(11_000);
    expect(next.nextDue(["roof-1"])).toBe(60_000);
    expect(next.nextDue(["roof-1", "roof-2"])).toBeUndefined();
    void clock.wait(500);
    await next.tick(12_000);
    expect(next.nextDue(["roof-1"])).toBe(60_000);
    void clock.wait(500);
    await next.tick(12_100);
    expect(next.nextDue(["roof-1"])).toBe(12_500);
  });

  test("an answer to another driver's tick is none to its own", async () => {
    const first = await openDriver({ mqttUrl: url, secret: "s" }, []);
    const heard: string[] = [];
    const ear = await connectAsync(url);
    stops.push(() => ear.endAsync());
    await ear.subscribeAsync("sunledger/v1/_clock");
    ear.on("message", (_topic, tick) => heard.push(tick.toString()));
    await first.tick(10_000);
    await first.close();
    while (heard.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));

    const next = await openDriver({ mqttUrl: url, secret: "s" }, ["roof-1"], { patienceMs: 200 });
    stops.push(() => next.close());
    const tick = next.tick(11_000);
    await ear.publishAsync("sunledger/v1/_clock/roof-1", heard[0] ?? "", { qos: 1 });

    await expect(tick).rejects.toThrow("no answer from roof-1");
  });

  test("names the program that does not answer", async () => {
    const driver = await openDriver({ mqttUrl: url, secret: "s" }, ["roof-9"], { patienceMs: 50 });
    stops.push(() => driver.close());

    await expect(driver.tick(1_000)).rejects.toThrow("from roof-9");
  });

  test("leaves a program behind that may be, and takes it back at the present when it answers", async () => {
    const news: string[] = [];
    const driver = await openDriver({ mqttUrl: url, secret: "s" }, ["roof-1", "roof-2"], {
      patienceMs: 1_000,
      mayStayBehind: ["roof-2"],
      onBehind: (program) => news.push(`${program} behind`),
      onBack: (program) => news.push(`${program} back`),
    });
    stops.push(() => driver.close());
    const served = { "roof-1": [] as number[], "roof-2": [] as number[] };
    const halt = Promise.withResolvers<void>();
    const opening = (["roof-1", "roof-2"] as const).map(async (user) => {
      const clock = await openClock(scope(), { mode: "driven", mqttUrl: url, user, secret: "s" });
      clock.every(
        1_000,
        async (slot) => {
          served[user].push(slot);
          if (user === "roof-2" && slot === 11_000) await halt.promise;
        },
        new AbortController().signal,
      );
    });
    await driver.tick(10_000);
    await Promise.all(opening);

    for (const at of [11_000, 12_000, 13_000, 14_000]) await driver.tick(at);
    expect(news).toEqual(["roof-2 behind"]);
    halt.resolve();
    while (news.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await driver.tick(15_000);

    expect(news).toEqual(["roof-2 behind", "roof-2 back"]);
    expect(served["roof-1"]).toEqual([11_000, 12_000, 13_000, 14_000, 15_000]);
    expect(served["roof-2"]).toEqual([11_000, 14_000, 15_000]);
  });

  test("waits longer for a program's very first answer than for those after it", async () => {
    const news: string[] = [];
    const driver = await openDriver({ mqttUrl: url, secret: "s" }, ["roof-1"], {
      patienceMs: 50,
      firstAnswerMs: 60_000,
      mayStayBehind: ["roof-1"],
      onBehind: (program) => news.push(`${program} behind`),
    });
    stops.push(() => driver.close());
    const first = driver.tick(10_000);
    await new Promise((resolve) => setTimeout(resolve, 200)); // as long as a program takes to start
    const door = await openDoor();
    await slotsServed(door.url, () => first);
    expect(news).toEqual([]);

    door.shut();
    await driver.tick(11_000);
    expect(news).toEqual(["roof-1 behind"]);
  });

  test("skips to the present in a program that the broker had dropped meanwhile", async () => {
    const news: string[] = [];
    const driver = await openDriver({ mqttUrl: url, secret: "s" }, ["roof-1"], {
      patienceMs: 500,
      mayStayBehind: ["roof-1"],
      onBack: (program) => news.push(`${program} back`),
    });
    stops.push(() => driver.close());
    const door = await openDoor();
    const slots = await slotsServed(door.url, () => driver.tick(10_000));
    await driver.tick(11_000);

    door.shut();
    for (const at of [12_000, 13_000, 14_000]) await driver.tick(at);
    door.open();
    while (news.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await driver.tick(16_000);

    expect(slots).toEqual([11_000, 14_000, 15_000, 16_000]);
  });

  test("serves whole the tick that waited for a program while the broker was away", async () => {
    const driver = await openDriver({ mqttUrl: url, secret: "s" }, ["roof-1"]);
    stops.push(() => driver.close());
    const door = await openDoor();
    const slots = await slotsServed(door.url, () => driver.tick(10_000));

    door.shut();
    const ticking = driver.tick(13_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    door.open();
    await ticking;

    expect(slots).toEqual([11_000, 12_000, 13_000]);
  });

  test("knows that it missed the first ticks of another driver, and takes its very first whole", async () => {
    const first = await openDriver({ mqttUrl: url, secret: "s" }, []);
    const door = await openDoor();
    const slots = await slotsServed(door.url, () => first.tick(10_000));
    await first.close();

    door.shut();
    const second = await openDriver({ mqttUrl: url, secret: "s" }, ["roof-1"], {
      patienceMs: 100,
      mayStayBehind: ["roof-1"],
    });
    for (const at of [12_000, 14_000]) await second.tick(at);
    door.open();
    while (slots.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await second.close();
    const third = await openDriver({ mqttUrl: url, secret: "s" }, ["roof-1"]);
    stops.push(() => third.close());
    await third.tick(16_000);

    expect(slots).toEqual([14_000, 15_000, 16_000]);
  });

  test("does not wait for answers when the driver leaves", async () => {
    const driver = await openDriver({ mqttUrl: url, secret: "s" }, ["roof-9"]);
    const ticking = driver.tick(1_000);
    const left = expect(ticking).rejects.toThrow("the driver left");
    await driver.close();

    await left;
  });
});

/** The slots of a second that `roof-1` serves, from its first tick on. */
async function slotsServed(mqttUrl: string, tick: () => Promise<void>): Promise<number[]> {
  const opening = openClock(scope(), { mode: "driven", mqttUrl, user: "roof-1", secret: "s" });
  const [clock] = await Promise.all([opening, tick()]);
  const slots: number[] = [];
  clock.every(1_000, async (slot) => void slots.push(slot), new AbortController().signal);
  return slots;
}

/** Another way to the broker: one that can be shut, which drops who came by it and takes nobody in. */
async function openDoor() {
  const inside = new Set<Socket>();
  let isOpen = true;
  const server = createServer((socket) => {
    if (!isOpen) return void socket.destroy();
    inside.add(socket);
    broker.handle(socket);
  });
  const doorUrl = await listening(server);
  stops.unshift(() => new Promise((resolve) => server.close(resolve)));
  return {
    url: doorUrl,
    open() {
      isOpen = true;
    },
    shut() {
      isOpen = false;
      for (const socket of inside) socket.destroy();
    },
  };
}

/** The broker's URL at a server on a port of its own. */
async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `mqtt://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}

function scope(): Scope {
  return {
    log: pino({ level: "silent" }),
    signal: new AbortController().signal,
    onStop: (_name, stop) => void stops.push(stop),
  };
}
