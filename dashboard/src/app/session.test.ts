import { type QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { patient } from "../../../tests/support/patient.ts";
import { ApiProblem, type Http, openHttp } from "./http.ts";
import { openQueries } from "./query-client.ts";
import { forget, sessionQuery } from "./session.ts";

const somebody = { user: { id: "u" } };

test("who looks at the session learns that it has ended, and nothing else is kept", async () => {
  const { client, seen, leave } = watched();
  client.setQueryData(["plants"], ["of somebody"]);

  forget(client);

  await vi.waitFor(() => expect(seen.at(-1)).toBeNull(), patient);
  expect(client.getQueryData(["plants"])).toBeUndefined();
  expect(client.getQueryData(["session"])).toBeNull();
  leave();
});

test("a reading that is answered by 401 ends the session", async () => {
  const { client, seen, leave } = watched();

  const refused = () => Promise.reject(new ApiProblem(401, "identity.notSignedIn", "no"));
  await client.fetchQuery({ queryKey: ["plants"], queryFn: refused }).catch(() => undefined);

  await vi.waitFor(() => expect(seen.at(-1)).toBeNull(), patient);
  leave();
});

test("a change that is answered by 401 ends the session", async () => {
  const { client, seen, leave } = watched();

  await mutated(client, new ApiProblem(401, "identity.notSignedIn", "no"));

  await vi.waitFor(() => expect(seen.at(-1)).toBeNull(), patient);
  leave();
});

test("wrong words at the sign-in end nobody's session", async () => {
  const { client, leave } = watched();

  await mutated(client, new ApiProblem(401, "identity.wrongCredentials", "no"));

  expect(client.getQueryData(["session"])).toEqual(somebody);
  leave();
});

test("whoever has a cookie is signed in, whatever this browser remembers", async () => {
  const http = { get: async () => somebody } as unknown as Http;

  expect(await openQueries().fetchQuery(sessionQuery(http))).toEqual(somebody);
});

test("whoever the server does not know is signed out, and a failing server signs nobody out", async () => {
  const failing = { get: () => Promise.reject(new ApiProblem(503, "server.failed", "no")) };
  const ask = (http: unknown) =>
    openQueries().fetchQuery({ ...sessionQuery(http as Http), retry: false, staleTime: 0 });
  const answer = () => new Response("null", { headers: { "content-type": "application/json" } });
  const unknown = openHttp(async () => answer(), { now: () => 0, after: () => () => {} });

  expect(await ask(unknown)).toBeNull();
  await expect(ask(failing)).rejects.toThrow("no");
});

/** Has a change refused. */
async function mutated(client: QueryClient, error: Error): Promise<void> {
  const mutation = client.getMutationCache().build(client, {
    mutationFn: () => Promise.reject(error),
  });
  await mutation.execute(undefined).catch(() => undefined);
}

function watched() {
  const client = openQueries();
  client.setQueryData(["session"], somebody);
  const http = { get: async () => somebody } as unknown as Http;
  const seen: unknown[] = [];
  const observer = new QueryObserver(client, sessionQuery(http));
  const leave = observer.subscribe(({ data }) => seen.push(data));
  return { client, seen, leave };
}
