// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { patient } from "../../../../tests/support/patient.ts";
import { plantSummary } from "../../testing/sample-plant.ts";
import type { BrowserClock } from "../clock.ts";
import { openHttp } from "../http.ts";
import { PartsProvider } from "../parts.ts";
import { settlesAfterMs, usePlaces } from "./use-places.ts";

afterEach(cleanup);

test("asks once for what was typed, when no more is typed", async () => {
  const { type, settle, questions } = opened();
  type("i");
  type("in");
  type("inv");
  expect(questions()).toEqual([]);
  expect(type("inv 9").search).toBe("asked");

  settle();

  expect(questions()).toEqual(["q=inv+9"]);
});

test("lists the answer in its order, and meanwhile what is known and fits", async () => {
  const { type, settle, answer, shown } = opened();
  expect(marks(type("qing"))).toEqual(["qinghe"]);
  settle();
  await answer({ items: [found("INV-02"), found("INV-01"), found("INV-11")], more: true });
  expect([marks(shown()), shown().search, shown().more]).toEqual([
    ["INV-02", "INV-01", "INV-11"],
    "answered",
    true,
  ]);

  const typedOn = type("inv-1");

  expect([marks(typedOn), typedOn.search, typedOn.more]).toEqual([["INV-11"], "asked", false]);
});

test("takes back a question that nobody waits for any more", async () => {
  const { type, settle, aborted, answer, shown } = opened();
  type("a");
  settle();
  type("ab");
  expect(aborted()).toEqual([false]);
  settle();
  expect(aborted()).toEqual([true, false]);

  await answer({ items: [found("AB-01")], more: false });

  expect(marks(shown())).toEqual(["AB-01"]);
});

test("says that a search has failed, and lists what is known", async () => {
  const { type, settle, fail, shown } = opened();
  type("qinghe");
  settle();

  await fail();

  expect([marks(shown()), shown().search]).toEqual([["qinghe"], "failed"]);
});

test("of a switch of plants asks nobody", () => {
  const { type, settle, questions } = opened(false);

  expect(type("qing")).toMatchObject({ places: [{ mark: "qinghe" }], search: "answered" });
  settle();
  expect(questions()).toEqual([]);
});

/** The hook on a page whose time and server are in the hand of the test. */
function opened(withDevices = true) {
  const waits: { ms: number; call: () => void }[] = [];
  const clock: BrowserClock = {
    now: () => 0,
    after(ms, call) {
      const wait = { ms, call };
      waits.push(wait);
      return () => void (waits.includes(wait) && waits.splice(waits.indexOf(wait), 1));
    },
  };
  const asked: { url: URL; signal: AbortSignal; answer: (response: Response) => void }[] = [];
  const fetch = (url: unknown, init?: RequestInit) =>
    new Promise<Response>((resolve, reject) => {
      const signal = init?.signal as AbortSignal;
      asked.push({ url: new URL(String(url), "http://x"), signal, answer: resolve });
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  const http = openHttp(fetch as typeof globalThis.fetch, clock);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <PartsProvider value={{ http, clock }}>
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    </PartsProvider>
  );
  const plants = [plantSummary()];
  const { result, rerender } = renderHook(
    (query: string) => usePlaces({ query, plants, here: undefined, withDevices }),
    { wrapper, initialProps: "" },
  );
  const respond = (response: Response, listed: "answered" | "failed") =>
    act(async () => {
      asked.at(-1)?.answer(response);
      await vi.waitUntil(() => result.current.search === listed, patient);
    });

  return {
    type(query: string) {
      rerender(query);
      return result.current;
    },
    settle() {
      const due = waits.filter(({ ms }) => ms === settlesAfterMs);
      act(() => {
        for (const { call } of due) call();
      });
    },
    questions: () => asked.map(({ url }) => url.searchParams.toString()),
    aborted: () => asked.map(({ signal }) => signal.aborted),
    answer: (body: unknown) => respond(Response.json(body), "answered"),
    fail: () => respond(new Response("", { status: 503 }), "failed"),
    shown: () => result.current,
  };
}

function found(mark: string) {
  const plant = { id: "p1", code: "qinghe", name: { en: "Qinghe Rooftop" } };
  return { kind: "device", id: mark, mark, name: { en: mark }, plant };
}

function marks({ places }: { readonly places: readonly { readonly mark: string }[] }) {
  return places.map(({ mark }) => mark);
}
