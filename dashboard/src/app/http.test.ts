import { expect, test } from "vitest";
import * as z from "zod";
import type { BrowserClock } from "./clock.ts";
import { changeWithinMs, openHttp, readWithinMs } from "./http.ts";

const shape = z.object({ id: z.string() });

test.each([
  ["reading", readWithinMs, (http: Http) => http.get("/plants", shape)],
  ["signing in", changeWithinMs, (http: Http) => http.send("POST", "/session", {}, shape)],
  ["signing out", changeWithinMs, (http: Http) => http.remove("/session")],
])("%s gives up on a server that never answers", async (_, withinMs, ask) => {
  const clock = handClock();
  const answer = ask(openHttp(hanging, clock)).catch((error: unknown) => error);

  expect(clock.waits()).toEqual([withinMs]);
  clock.strike();
  expect(await answer).toMatchObject({ name: "ApiProblem", status: 0, code: "network.timeout" });
});

test("an answer that stops in its middle is given up too", async () => {
  const clock = handClock();
  const stuck = async (_: unknown, init?: RequestInit) =>
    new Response(
      new ReadableStream({
        start(body) {
          body.enqueue(new TextEncoder().encode('{"id":'));
          init?.signal?.addEventListener("abort", () => body.error(init.signal?.reason));
        },
      }),
    );
  const answer = openHttp(stuck, clock)
    .get("/plants", shape)
    .catch((error: unknown) => error);
  await Promise.resolve();

  clock.strike();
  expect(await answer).toMatchObject({ code: "network.timeout" });
});

test("an answer in time leaves no waiting behind", async () => {
  const clock = handClock();
  const http = openHttp(async () => Response.json({ id: "q" }), clock);

  expect(await http.get("/plants", shape)).toEqual({ id: "q" });
  expect(clock.waits()).toEqual([]);
});

test("who no longer wants the answer is told so, not that the server failed", async () => {
  const clock = handClock();
  const leaving = new AbortController();
  const answer = openHttp(hanging, clock)
    .get("/plants", shape, leaving.signal)
    .catch((error: unknown) => error);
  leaving.abort();

  expect(await answer).toMatchObject({ name: "AbortError" });
  expect(clock.waits()).toEqual([]);
});

test("a server that is not there cannot be reached", async () => {
  const http = openHttp(() => Promise.reject(new TypeError("failed to fetch")), handClock());

  await expect(http.get("/plants", shape)).rejects.toMatchObject({ code: "network.unreachable" });
});

type Http = ReturnType<typeof openHttp>;

/** A server that takes the question and says nothing. */
function hanging(_: unknown, init?: RequestInit): Promise<Response> {
  return new Promise((_resolve, reject) => {
    init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
  });
}

function handClock() {
  const waiting = new Map<() => void, number>();
  const clock: BrowserClock = {
    now: () => 0,
    after(ms, call) {
      waiting.set(call, ms);
      return () => waiting.delete(call);
    },
  };
  return {
    ...clock,
    waits: () => [...waiting.values()],
    strike() {
      for (const call of [...waiting.keys()]) call();
    },
  };
}
