import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import { pino } from "pino";
import { afterEach, expect, test, vi } from "vitest";
import { type TestApi, testApi } from "../testing/test-api.ts";

// Passwords are hashed slowly on purpose, and a busy machine is slower still.
vi.setConfig({ testTimeout: 60_000 });

let api: TestApi;
afterEach(() => api.app.close());

test("a client that hangs up while it is asking is no failure of the server", async () => {
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  api = await testApi(0, { log });
  await api.app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = api.app.server.address() as AddressInfo;
  const sockets: Socket[] = [];
  // It is gone before anything of its request is looked at.
  api.app.server.prependListener("request", (request) => request.socket.destroy());
  api.app.server.on("request", (request) => sockets.push(request.socket));

  const client = connect(port, "127.0.0.1");
  client.write("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  await once(client, "close");
  await new Promise((resolve) => setTimeout(resolve, 100));

  expect(sockets.map(({ remoteAddress }) => remoteAddress)).toEqual([undefined]);
  expect(lines.map((line) => JSON.parse(line)).filter(({ level }) => level >= 40)).toEqual([]);
});

test("the addresses of one IPv6 network count as one client", async () => {
  api = await testApi(0);
  const left = async (remoteAddress: string) => {
    const answer = await api.app.inject({ url: "/healthz", remoteAddress });
    return Number(answer.headers["x-ratelimit-remaining"]);
  };

  const first = await left("2001:db8::1");
  expect(await left("2001:db8::2")).toBe(first - 1);
  expect(await left("2001:db8:0:1::2")).toBe(first);
});
