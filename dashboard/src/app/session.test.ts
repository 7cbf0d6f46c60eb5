import { QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiProblem, type Http } from "./http.ts";
import { openQueries } from "./query-client.ts";
import { forget, sessionQuery } from "./session.ts";

const somebody = { user: { id: "u" } };

beforeEach(() => {
  const kept = new Map([["sunledger.signedIn", "yes"]]);
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
});
afterEach(() => vi.unstubAllGlobals());

test("who looks at the session learns that it has ended, and nothing else is kept", async () => {
  const { client, seen, leave } = watched();
  client.setQueryData(["plants"], ["of somebody"]);

  forget(client);

  await vi.waitFor(() => expect(seen.at(-1)).toBeNull());
  expect(client.getQueryData(["plants"])).toBeUndefined();
  expect(client.getQueryData(["session"])).toBeNull();
  leave();
});

test("a reading that is answered by 401 ends the session", async () => {
  const { client, seen, leave } = watched();

  const refused = () => Promise.reject(new ApiProblem(401, "identity.notSignedIn", "no"));
  await client.fetchQuery({ queryKey: ["plants"], queryFn: refused }).catch(() => undefined);

  await vi.waitFor(() => expect(seen.at(-1)).toBeNull());
  leave();
});

function watched() {
  const client = openQueries();
  client.setQueryData(["session"], somebody);
  const http = { get: async () => somebody } as unknown as Http;
  const seen: unknown[] = [];
  const observer = new QueryObserver(client, sessionQuery(http));
  const leave = observer.subscribe(({ data }) => seen.push(data));
  return { client, seen, leave };
}
