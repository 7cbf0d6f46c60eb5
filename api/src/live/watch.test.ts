import type { WatchCommand } from "@sunledger/model";
import { drivenClock } from "@sunledger/runtime";
import { expect, test } from "vitest";
import { watchGateways } from "./watch.ts";

const second = 1_000;

test("asks at once when somebody looks, and again only before the asking ends", async () => {
  const { watch, clock, asked } = started();
  watch.look("roof");
  await clock.advance(10 * second);
  watch.look("roof");
  expect(asked).toEqual([{ gateway: "roof", until: 45 * second }]);

  await clock.advance(25 * second);
  watch.look("roof");
  expect(asked.map(({ until }) => until)).toEqual([45 * second, 70 * second]);
});

test("asks on its own for those who are looked at all the time", async () => {
  const { clock, asked } = started(["roof"]);
  await clock.advance(61 * second);

  expect(asked.map(({ until }) => until)).toEqual([65, 85, 105].map((n) => n * second));
});

test("asks a gateway anew that has come back while it is watched", async () => {
  const { watch, clock, asked } = started();
  watch.came("roof");
  expect(asked).toEqual([]);

  watch.look("roof");
  await clock.advance(second);
  watch.came("roof");
  expect(asked).toHaveLength(2);
});

test("grants unwatched gateways the time for which they gather values", async () => {
  const { watch, clock } = started();
  expect(watch.slackOf("roof")).toBe(10 * second);

  watch.look("roof");
  await clock.advance(11 * second);
  expect(watch.slackOf("roof")).toBe(10 * second);
  await clock.advance(12 * second);
  expect(watch.slackOf("roof")).toBe(0);

  await clock.advance(60 * second);
  expect(watch.slackOf("roof")).toBe(10 * second);
});

function started(watched: string[] = []) {
  const clock = drivenClock(0);
  const asked: { gateway: string; until: number }[] = [];
  const watch = watchGateways({
    ...{ clock, signal: new AbortController().signal },
    command: async (gateway: string, { what: { until } }: WatchCommand) => {
      asked.push({ gateway, until });
    },
    onError: (error) => expect.fail(String(error)),
  });
  watch.keep(() => watched);
  return { watch, clock, asked };
}
