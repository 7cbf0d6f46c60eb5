import { expect, test, vi } from "vitest";
import { openQueries } from "./query-client.ts";
import { followServerTime } from "./server-time.ts";
import { sessionQuery } from "./session.ts";

const server = { time: Date.UTC(2026, 5, 21, 4), version: "0.1.0" };
const session = {
  user: {
    ...{ id: "u1", name: "Li", email: "li@sunledger.example", role: "viewer" },
    ...{ language: null, theme: null },
  },
  ...{ organisation: { id: "o1", name: "Own" }, server },
};

test("the page goes by the server's time from the first answer on", async () => {
  const client = openQueries();
  const told: number[] = [];
  followServerTime(client, { setServerTime: (at) => void told.push(at) });
  const answers: unknown[] = [null, session];
  const http = { get: async () => answers.shift() } as unknown as Parameters<
    typeof sessionQuery
  >[0];
  client.setQueryData(["plants"], [session]);
  const ask = () => client.fetchQuery({ ...sessionQuery(http), staleTime: 0 });

  expect(await ask()).toBeNull();
  expect(await ask()).toEqual(session);
  await vi.waitUntil(() => told.length > 0, { timeout: 30_000 });
  client.setQueryData(["session"], { ...session, user: { ...session.user, theme: "grey" } });
  client.setQueryData(["session"], { ...session, server: { ...server, time: server.time + 5 } });
  await vi.waitUntil(() => told.length > 1, { timeout: 30_000 });
  expect(told).toEqual([server.time, server.time + 5]);
});
