import { drivenClock } from "@sunledger/runtime";
import { afterEach, describe, expect, test } from "vitest";
import type { Link } from "../../gateway/src/modbus/link.ts";
import { failureOf, manners, openedLink } from "../../gateway/src/modbus/testing/opened-link.ts";
import { startSimulators } from "../../simulators/src/app.ts";
import { Scenario } from "../../simulators/src/scenario/scenario.ts";
import { testPlant } from "../../simulators/src/testing/scenario.ts";
import { testScope } from "../../simulators/src/testing/scope.ts";

const noon = Date.parse("2026-06-03T04:00:00Z");
/** An answer that has to come is waited for however busy the machine is; one that must not come, no longer than that. */
const [patienceMs, shortMs] = [30_000, 300];
/** The marker of a SunSpec map: what a right answer is. */
const span = { kind: "holding", address: 40_000, count: 2 } as const;
const marker = [0x5375, 0x6e53];

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

type Reached = {
  readonly link: Link;
  readonly port: number;
  read(withinMs?: number): Promise<readonly number[]>;
};

/** The gateway's own way to a simulated inverter whose wire has a fault. */
async function reached(fault: object): Promise<Reached> {
  const scope = testScope();
  closing.push(() => scope.stop());
  const [device] = testPlant.devices;
  const faults = [{ device: "INV-01", start: new Date(noon - 60_000).toISOString(), ...fault }];
  const plant = { ...testPlant, devices: [device], faults };
  const scenario = Scenario.parse({
    seed: "wire",
    origin: "2026-06-01T00:00:00Z",
    plants: [plant],
  });
  const parts = { scenario, clock: drivenClock(noon), host: "127.0.0.1", port: 0 };
  const [served] = await startSimulators(parts, scope);
  const port = served?.port ?? 0;
  const link = openedLink({ port });
  closing.push(() => link.close());
  const read = (withinMs = patienceMs) => link.read(span, manners(withinMs));
  return { link, port, read };
}

describe("over the gateway's transport a simulated device", () => {
  test("that loses requests runs it into time-outs, and nothing else is lost", async () => {
    const { read } = await reached({ kind: "no-answer", every: 2 });

    expect(await read()).toEqual(marker);
    expect((await failureOf(read(shortMs))).kind).toBe("timeout");
    expect(await read()).toEqual(marker);
  });

  test("that answers late is late, and the late answer is taken for no other", async () => {
    const { link, read } = await reached({
      kind: "slow-answer",
      every: 2,
      delayMs: shortMs + 100,
    });

    expect(await read()).toEqual(marker);
    expect((await failureOf(read(shortMs))).kind).toBe("timeout");
    expect(await read()).toEqual(marker);
    expect(link.figures(1).timeouts).toBe(1);
  });

  test("that leaves it half-open is reached again by another connection", async () => {
    const { link, read } = await reached({ kind: "half-open", afterRequests: 2 });
    for (const _ of [1, 2]) expect(await read()).toEqual(marker);
    expect((await failureOf(read(shortMs))).kind).toBe("timeout");
    // Nobody knows which read is the first on a new connection: each may take longer, whatever the machine's speed.
    let answer: readonly number[] | undefined;
    for (let withinMs = shortMs; !answer && withinMs < patienceMs; withinMs *= 2) {
      answer = await read(withinMs).catch(() => undefined);
    }

    expect(answer).toEqual(marker);
    expect(link.generation()).toBeGreaterThan(1);
  });

  test("that hangs up after each second request costs it connections and no answer", async () => {
    const { link, read } = await reached({ kind: "connection-drop", afterRequests: 2 });
    for (let n = 0; n < 6; n += 1) expect(await read()).toEqual(marker);

    expect(link.generation()).toBeGreaterThanOrEqual(3);
  });

  test.each([1, 2, 3, 4, 5, 6, 8, 10, 11])(
    "that refuses by exception %i is understood",
    async (code) => {
      const { read } = await reached({ kind: "exception-answer", code });

      expect(await failureOf(read())).toMatchObject({ kind: "exception", exception: code });
    },
  );

  test("that numbers an answer wrongly has given none", async () => {
    const { read } = await reached({ kind: "wrong-transaction", every: 2 });

    expect(await read()).toEqual(marker);
    expect((await failureOf(read(shortMs))).kind).toBe("timeout");
    expect(await read()).toEqual(marker);
  });

  test("that answers in pieces is understood", async () => {
    const { read } = await reached({ kind: "partial-frames", bytes: 1, pauseMs: 5 });

    expect(await read()).toEqual(marker);
  });

  test("that breaks off is not understood, and the next answer is", async () => {
    const { read } = await reached({ kind: "partial-frames", every: 2, bytes: 9, rest: "never" });

    expect(await read()).toEqual(marker);
    await failureOf(read(shortMs));
    expect(await read(shortMs).catch(() => read())).toEqual(marker);
  });

  test("that answers two requests in one piece is understood", async () => {
    const { link, read } = await reached({ kind: "merged-frames", withinMs: 50 });
    link.bind({ connectDelayMs: 0, minRequestIntervalMs: 0, window: 4 });

    expect(await Promise.all([read(), read(), read()])).toEqual([marker, marker, marker]);
  });

  test("that sends garbage before an answer gives no wrong value, and the next is right", async () => {
    const { read } = await reached({ kind: "garbage", every: 2, bytes: 6 });

    expect(await read()).toEqual(marker);
    const second = await read(shortMs).catch(() => marker);
    expect(second).toEqual(marker);
    expect(await read(shortMs).catch(() => read())).toEqual(marker);
  });

  test("that serves one client serves the one that was there, and refuses another", async () => {
    const { read, link, port } = await reached({ kind: "one-client", keeps: "first" });
    await read();
    const other = openedLink({ port });
    closing.push(() => other.close());

    expect((await failureOf(other.read(span, manners(patienceMs)))).kind).toBe("connection");
    expect(await read()).toEqual(marker);
    expect(link.generation()).toBe(1);
  });
});
