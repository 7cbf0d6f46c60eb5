import { topics } from "@sunledger/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { policy } from "./policy.ts";

const own = "roof-17";
const foreign = "roof-18";
const hash = "0123456789abcdef";
const { mayPublish, maySubscribe } = policy({ drivenClock: false });
const driven = policy({ drivenClock: true });

const gatewayTopics = (gateway: string) => ({
  frames: topics.frames(gateway),
  ack: topics.ack(gateway),
  layout: topics.layout(gateway, hash),
  device: topics.device(gateway, "INV-01"),
  status: topics.status(gateway),
  command: topics.command(gateway),
  result: topics.result(gateway),
  config: topics.config(gateway),
  live: topics.live("org", "plant"),
  clock: topics.clock,
  clockAnswer: topics.clockAnswer(gateway),
  system: "$SYS/broker/clients",
  elsewhere: "factory/v1/line",
});

type Name = keyof ReturnType<typeof gatewayTopics>;

describe("topics of those who are no gateways", () => {
  const open = policy({
    drivenClock: false,
    inputs: [{ gateway: own, filter: "meters/+/state" }],
  });

  test("are published by whose they are, and heard by ingest", () => {
    expect(open.mayPublish(own, "meters/m1/state")).toBe(true);
    expect(open.maySubscribe("_ingest", "meters/+/state")).toBe(true);
  });

  test("open nothing else, and nobody else's", () => {
    expect(open.mayPublish(foreign, "meters/m1/state")).toBe(false);
    expect(open.mayPublish("_ingest", "meters/m1/state")).toBe(false);
    for (const topic of ["meters/m1/other", "meters/m1", "meters/_m/state", "meters/+/state"]) {
      expect(open.mayPublish(own, topic), topic).toBe(false);
    }
    for (const user of [own, foreign, "_api"]) {
      expect(open.maySubscribe(user, "meters/+/state"), user).toBe(false);
    }
    expect(open.maySubscribe("_ingest", "meters/#")).toBe(false);
    expect(mayPublish(own, "meters/m1/state")).toBe(false);
  });
});

describe("who may publish what", () => {
  const matrix: [user: string, gateway: string, allowed: Name[], whenDriven: Name[]][] = [
    [own, own, ["frames", "layout", "device", "status", "result"], ["clockAnswer"]],
    [own, foreign, [], []],
    ["_ingest", own, ["ack", "live"], []],
    ["_api", own, ["command", "config"], []],
    ["_driver", own, [], ["clock"]],
    ["_simulators", own, [], []],
    ["_unknown", own, [], []],
    ["", own, [], []],
    ["+", own, [], []],
    ["#", own, [], []],
    ["a/b", own, [], []],
  ];

  test.each(matrix)("%s on the topics of %s", (user, gateway, allowed, whenDriven) => {
    const named = Object.entries(gatewayTopics(gateway)) as [Name, string][];
    const open = (by: typeof driven) =>
      named.filter(([, topic]) => by.mayPublish(user, topic)).map(([name]) => name);

    expect(open({ mayPublish, maySubscribe }).sort()).toEqual([...allowed].sort());
    expect(open(driven).sort()).toEqual([...allowed, ...whenDriven].sort());
  });

  test.each(["_ingest", "_api", "_simulators", own])("%s answers ticks in its own name", (user) => {
    expect(driven.mayPublish(user, topics.clockAnswer(user))).toBe(true);
    expect(driven.mayPublish(user, topics.clockAnswer("_other"))).toBe(false);
    expect(mayPublish(user, topics.clockAnswer(user))).toBe(false);
  });

  test.each([
    `sunledger/v1/${own}/frames/more`,
    `sunledger/v1/${own}`,
    `sunledger/v1/${own}/layouts`,
    `sunledger/v1/${own}/layouts/`,
    `sunledger/v1/${own}/layouts/a/b`,
    `sunledger/v1/${own}/layouts/a`,
    `sunledger/v1/${own}/layouts/0123456789ABCDEF`,
    `sunledger/v1/${own}/devices/+`,
    `sunledger/v1/${own}/devices/_x`,
    `sunledger/v2/${own}/frames`,
    `/sunledger/v1/${own}/frames`,
    `sunledger/v1/${own.toUpperCase()}/frames`,
    `$share/group/sunledger/v1/${own}/frames`,
  ])("a gateway may not publish %s", (topic) => {
    expect(mayPublish(own, topic)).toBe(false);
  });

  test.each([
    ["_ingest", "sunledger/v1/_live/ack"],
    ["_ingest", "sunledger/v1/_clock/ack"],
    ["_ingest", "sunledger/v1/_live/org"],
    ["_ingest", "sunledger/v1/_live/org/plant/device"],
    ["_api", "sunledger/v1/_live/command"],
  ])("%s may not publish %s: the house's own levels are no gateways", (user, topic) => {
    expect(mayPublish(user, topic)).toBe(false);
  });
});

describe("who may subscribe to what", () => {
  const filters = {
    ownAck: topics.ack(own),
    ownCommand: topics.command(own),
    ownConfig: topics.config(own),
    ownFrames: topics.frames(own),
    foreignAck: topics.ack(foreign),
    foreignFrames: topics.frames(foreign),
    everyAck: "sunledger/v1/+/ack",
    everyFrames: topics.every.frames,
    everyLayout: topics.every.layouts,
    everyDevice: topics.every.devices,
    everyStatus: topics.every.status,
    everyResult: topics.every.result,
    everyLive: topics.every.live,
    oneLive: topics.live("org", "plant"),
    liveOfOrganisation: "sunledger/v1/_live/org/#",
    clock: topics.clock,
    clockAnswers: topics.every.clockAnswers,
    all: "#",
    allOfOne: `sunledger/v1/${own}/#`,
    allOfHouse: "sunledger/v1/#",
    oneLevel: "sunledger/v1/+",
    anyRoot: "+/v1/+/frames",
    system: "$SYS/#",
    shared: `$share/group/${topics.every.frames}`,
    sharedOwn: `$share/group/${topics.ack(own)}`,
    misplaced: "sunledger/v1/_live/#/x",
    partly: "sunledger/v1/roof+/ack",
  };
  type Filter = keyof typeof filters;

  const forIngest: Filter[] = [
    "everyFrames",
    "everyLayout",
    "everyDevice",
    "everyStatus",
    "everyResult",
    "ownFrames",
    "foreignFrames",
  ];
  const forApi: Filter[] = [
    "everyStatus",
    "everyDevice",
    "everyResult",
    "everyLive",
    "oneLive",
    "liveOfOrganisation",
  ];
  const matrix: [user: string, allowed: Filter[], whenDriven: Filter[]][] = [
    [own, ["ownAck", "ownCommand", "ownConfig"], ["clock"]],
    ["_ingest", forIngest, ["clock"]],
    ["_api", forApi, ["clock"]],
    ["_driver", [], ["clockAnswers"]],
    ["_simulators", [], ["clock"]],
    ["_unknown", [], []],
    ["+", [], []],
    ["#", [], []],
    ["", [], []],
  ];

  test.each(matrix)("%s", (user, allowed, whenDriven) => {
    const named = Object.entries(filters) as [Filter, string][];
    const open = (by: typeof driven) =>
      named.filter(([, filter]) => by.maySubscribe(user, filter)).map(([name]) => name);

    expect(open({ mayPublish, maySubscribe }).sort()).toEqual([...allowed].sort());
    expect(open(driven).sort()).toEqual([...allowed, ...whenDriven].sort());
  });
});

describe("a gateway and its neighbour", () => {
  const level = fc.oneof(
    fc.constantFrom("sunledger", "v1", foreign, "+", "#", "frames", "ack", "devices", "", "_live"),
    fc.string({ maxLength: 4 }),
  );
  const anyTopic = fc
    .array(level, { minLength: 1, maxLength: 6 })
    .map((levels) => levels.join("/"));

  test("no topic outside its own tree is ever open to it", () => {
    fc.assert(
      fc.property(anyTopic, (topic) => {
        const inside = topic.startsWith(`sunledger/v1/${own}/`);
        if (!inside) {
          expect(mayPublish(own, topic)).toBe(false);
          expect(maySubscribe(own, topic)).toBe(false);
        }
      }),
    );
  });
});
