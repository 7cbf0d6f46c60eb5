import { createServer, type Server, type Socket } from "node:net";
import { Aedes } from "aedes";
import { afterEach, expect, test } from "vitest";
import { awaitBroker } from "./await-broker.ts";
import { freePort } from "./testing/free-port.ts";

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

test("a broker that comes late is waited for", async () => {
  const port = await freePort();
  const waiting = ask(port, 10_000);
  await broker(port);

  expect(await waiting).toBeUndefined();
});

test("one that is not there, refuses or says nothing is named as such", async () => {
  expect(await ask(await freePort(), 100)).toBe("It refuses connections.");

  const refusing = await freePort();
  const house = await broker(refusing);
  house.authenticate = (_client, _user, _password, done) =>
    done(Object.assign(new Error("no"), { returnCode: 4 }), false);
  expect(await ask(refusing, 300)).toMatch(/^It refuses the user or the password/);

  const mute = await freePort();
  await listen(mute, () => {});
  expect(await ask(mute, 300)).toBe("It has not answered yet.");
});

test("nobody waits on once the start is given up", async () => {
  const stopping = new AbortController();
  const waiting = ask(await freePort(), 60_000, stopping.signal);
  stopping.abort();

  expect(await waiting).toBeDefined();
});

function ask(port: number, patienceMs: number, signal = new AbortController().signal) {
  const mqttUrl = `mqtt://127.0.0.1:${port}`;
  return awaitBroker({ mqttUrl, user: "_api", secret: "x", patienceMs, signal });
}

async function broker(port: number): Promise<Aedes> {
  const aedes = await Aedes.createBroker();
  stops.push(() => new Promise<void>((resolve) => aedes.close(resolve)));
  await listen(port, (socket) => void aedes.handle(socket));
  return aedes;
}

async function listen(port: number, hear: (socket: Socket) => void): Promise<Server> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    hear(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  stops.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return server;
}
