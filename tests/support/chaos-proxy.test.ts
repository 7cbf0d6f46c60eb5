import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ChaosProxy, chaosProxy } from "./chaos-proxy.ts";
import { until } from "./until.ts";

let server: Server;
let proxy: ChaosProxy;
/** What the server has taken, and its ends of the connections. */
let taken: string;
let ends: Socket[];
let clients: Client[];

beforeEach(async () => {
  taken = "";
  ends = [];
  clients = [];
  server = createServer((socket) => {
    ends.push(socket);
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      taken += bytes;
      socket.write(`<${bytes}>`);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  proxy = await chaosProxy(typeof address === "object" && address ? address.port : 0);
});

afterEach(async () => {
  for (const { socket } of clients) socket.destroy();
  await proxy.close();
  for (const end of ends) end.destroy();
  await new Promise((resolve) => server.close(resolve));
});

describe("a chaos proxy", () => {
  test("passes everything both ways, and the end of either side", async () => {
    const client = await join();
    const much = "x".repeat(300_000);
    client.socket.write(much);
    await until("all of it", () => taken === much && client.heard().includes("x>"));

    client.socket.end();
    await once(client.socket, "close");
    await until("nobody to be left", () => proxy.connections() === 0);
  });

  test("refuses who comes while nobody listens behind it", async () => {
    await new Promise((resolve) => server.close(resolve));
    const client = await join();

    await until("the reset", () => client.ended() === "ECONNRESET");
  });

  test("lets each byte come later, and many side by side", async () => {
    proxy.slow({ latencyMs: 300 });
    const client = await join();
    const begin = performance.now();
    let takenByFirstAnswer = "";
    client.socket.once("data", () => {
      takenByFirstAnswer = taken;
    });
    for (let i = 0; i < 10; i += 1) {
      client.socket.write(`${i}`);
      // Each is a piece of its own on the line.
      await new Promise((resolve) => setImmediate(resolve));
    }

    await until("the answers", () => client.heard().replaceAll(/[<>]/g, "") === "0123456789");
    expect(performance.now() - begin).toBeGreaterThan(590);
    // One after the other, the server would have two of them by then.
    expect(takenByFirstAnswer).toBe("0123456789");
  });

  test("lets 9.6 kbit/s through and no more, in order", async () => {
    proxy.slow({ bitsPerSecond: 9_600 });
    const client = await join();
    const sent = Array.from({ length: 240 }, (_, i) => String(i).padStart(5, "0")).join("");
    const begin = performance.now();
    client.socket.write(sent);
    await until("all of it", () => taken === sent, { everyMs: 10 });

    expect(performance.now() - begin).toBeGreaterThan(950);
  });

  test("keeps the order when a slow line becomes fast", async () => {
    proxy.slow({ latencyMs: 200 });
    const client = await join();
    client.socket.write("slow ");
    await until("it to be under way", () => ends.length === 1, { everyMs: 10 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    proxy.pass();
    client.socket.write("fast");

    await until("both", () => taken === "slow fast");
  });

  test("cuts every connection, and lets new ones through", async () => {
    const client = await join();
    client.socket.write("a");
    await until("an answer", () => client.heard() === "<a>");
    proxy.cut();
    await until("the reset", () => client.ended() === "ECONNRESET");

    const next = await join();
    next.socket.write("b");
    await until("an answer", () => next.heard() === "<b>");
  });

  test("refuses new connections until it passes again", async () => {
    proxy.refuse();
    const refused = await join();
    await until("the reset", () => refused.ended() !== undefined);
    proxy.pass();

    const next = await join();
    next.socket.write("b");
    await until("an answer", () => next.heard() === "<b>");
  });

  test("swallows both ways while connections stay open, and says when they were given up", async () => {
    const old = await join();
    old.socket.write("a");
    await until("an answer", () => old.heard() === "<a>");
    proxy.halfOpen();
    const young = await join();
    old.socket.write("lost");
    young.socket.write("lost");
    ends[0]?.write("lost too");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([taken, old.heard(), young.heard(), old.ended(), young.ended()]).toEqual([
      "a",
      "<a>",
      "",
      undefined,
      undefined,
    ]);

    proxy.pass();
    old.socket.write("still lost");
    const next = await join();
    next.socket.write("b");
    await until("an answer", () => next.heard() === "<b>");
    expect(taken).toBe("ab");
    const swallowed = { from: expect.any(Number), givenUpMs: undefined };
    expect(proxy.swallowed()).toEqual([swallowed, swallowed]);
    old.socket.destroy();
    await until("it to be noticed", () => (proxy.swallowed()[0]?.givenUpMs ?? 0) > 150);
  });

  test("cuts in the middle of what is sent, either way", async () => {
    const client = await join();
    proxy.cutAfter(5, "toServer");
    client.socket.write("12345678");
    await until("the reset", () => client.ended() === "ECONNRESET");
    expect([taken, proxy.hasCut()]).toEqual(["12345", true]);

    const next = await join();
    proxy.cutAfter(3, "toClient");
    next.socket.write("abc");
    await until("the reset", () => next.ended() === "ECONNRESET");
    expect([taken, next.heard()]).toEqual(["12345abc", "<ab"]);
  });
});

type Client = {
  readonly socket: Socket;
  heard(): string;
  /** Why it is over: the error's code, or `end`. */
  ended(): string | undefined;
};

async function join(): Promise<Client> {
  const socket = connect(proxy.port, "127.0.0.1");
  let heard = "";
  let ended: string | undefined;
  socket.on("data", (bytes) => {
    heard += bytes;
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    ended = error.code;
  });
  socket.on("end", () => {
    ended ??= "end";
  });
  const client = { socket, heard: () => heard, ended: () => ended };
  clients.push(client);
  await new Promise<void>((resolve) => {
    socket.once("connect", resolve);
    socket.once("close", () => resolve());
  });
  return client;
}
