import { once } from "node:events";
import { createServer, type Server, Socket } from "node:net";
import { Aedes } from "aedes";
import type { MqttClient } from "mqtt";
import { pino } from "pino";
import { afterEach, expect, test, vi } from "vitest";
import { patient } from "../../../tests/support/patient.ts";
import { type BrokerConnection, brokerConnection } from "./broker-connection.ts";
import { freePort } from "./testing/free-port.ts";

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

test("says once that nobody listens, and once that the broker is there", async () => {
  const port = await freePort();
  const { connection, lines } = open(port);
  connection.begin();
  await heard(connection.client, "error");
  await heard(connection.client, "error");

  expect(connection.away).toBe("It refuses connections.");
  expect(lines).toEqual([
    `the broker at 127.0.0.1:${port} is away: it refuses connections; trying again`,
  ]);

  await broker(port);
  await vi.waitFor(() => expect(connection.away).toBeUndefined(), patient);
  expect(lines.slice(1)).toEqual(["the broker is back"]);
});

test("is taken in by a broker that refused it at first", async () => {
  const port = await freePort();
  const house = await broker(port);
  house.authenticate = (_client, _user, _password, done) =>
    done(Object.assign(new Error("not yet"), { returnCode: 4 }), false);
  const { connection } = open(port);
  connection.begin();
  await heard(connection.client, "error");
  expect(connection.away).toContain("SUNLEDGER_SERVICE_SECRET");

  house.authenticate = (_client, _user, _password, done) => done(null, true);
  await vi.waitFor(() => expect(connection.away).toBeUndefined(), patient);
});

test("knows when the broker has gone", async () => {
  const port = await freePort();
  await broker(port);
  const { connection, lines } = open(port);
  connection.begin();
  await heard(connection.client, "connect");
  await stops.splice(0, 1)[0]?.();

  await vi.waitFor(() => expect(connection.away).toBeDefined(), patient);
  expect(lines[0]).toContain("is away: the connection broke");
});

test("lets nothing that it says wait for what it said before, on each of its connections", async () => {
  const atOnce = vi.spyOn(Socket.prototype, "setNoDelay");
  stops.push(() => atOnce.mockRestore());
  const isSet = (stream: unknown) =>
    atOnce.mock.contexts.some((socket, i) => socket === stream && atOnce.mock.calls[i]?.[0]);
  const port = await freePort();
  await broker(port);
  const { client, begin } = open(port).connection;
  begin();
  await heard(client, "connect");
  const first = client.stream;
  expect(isSet(first)).toBe(true);

  client.reconnect();
  await heard(client, "connect");
  expect(client.stream).not.toBe(first);
  expect(isSet(client.stream)).toBe(true);
});

test("ends quietly where it never began, and comes no more once it has ended", async () => {
  const port = await freePort();
  const never = open(port).connection;
  await never.end();

  let arrivals = 0;
  const server = await listening(port, () => {
    arrivals += 1;
  });
  const connection = open(port).connection;
  connection.begin();
  await vi.waitFor(() => expect(arrivals).toBe(1), patient);
  await connection.end();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(arrivals).toBe(1);
  server.close();
});

function open(port: number): { connection: BrokerConnection; lines: string[] } {
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line).msg) });
  const options = { reconnectPeriod: 50, username: "_api", password: "s" };
  const connection = brokerConnection({ url: `mqtt://127.0.0.1:${port}`, options, log });
  stops.push(() => connection.end());
  return { connection, lines };
}

function heard(client: MqttClient, event: "connect" | "error"): Promise<void> {
  return new Promise((resolve) => client.once(event, () => resolve()));
}

async function broker(port: number): Promise<Aedes> {
  const aedes = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = await listening(port, (socket) => {
    sockets.add(socket);
    aedes.handle(socket);
  });
  stops.unshift(async () => {
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return aedes;
}

async function listening(port: number, take: (socket: Socket) => void): Promise<Server> {
  const server = createServer(take).listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}
