import { createConnection, createServer } from "node:net";
import { drivenClock } from "@sunledger/runtime";
import { pino } from "pino";
import { afterEach, expect, test, vi } from "vitest";
import { freePorts } from "../../../tests/support/free-ports.ts";
import { patient } from "../../../tests/support/patient.ts";
import { leasedLinks } from "../modbus/leased-links.ts";
import { modbusLinks } from "../modbus/links.ts";
import { openProxies, type WantedProxy } from "./open-proxies.ts";
import { openProxyServer } from "./proxy-server.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test("a proxy whose port is held is opened once that is free", async () => {
  const { proxies, clock, port, free } = await held();
  await proxies.apply(new Map([["INV-01", wantedAt(port)]]));
  await clock.advance(clock.now() + 60_000);
  expect([...proxies.open()]).toEqual([["INV-01", false]]);
  await free();

  await vi.waitFor(async () => {
    await clock.advance(clock.now() + 30_000);
    await connect(port);
  }, patient);
  expect([...proxies.open()]).toEqual([["INV-01", true]]);
  await proxies.close();
  expect([...proxies.open()]).toEqual([]);
  await (await listenAt(port))();
});

test("one that is not wanted any more is not opened later", async () => {
  const { proxies, clock, port, free } = await held();
  await proxies.apply(new Map([["INV-01", wantedAt(port)]]));
  await proxies.apply(new Map());
  await free();

  await clock.advance(clock.now() + 120_000);
  await (await listenAt(port))();
});

/** A port that somebody else has, till it is freed. */
async function held() {
  const clock = drivenClock(0);
  const log = pino({ level: "silent" });
  const links = modbusLinks({ clock, log });
  closing.push(() => links.close());
  const proxies = openProxies(leasedLinks(links), { clock, log });
  closing.push(() => proxies.close());
  const port = await freePorts(1);
  const free = await listenAt(port);
  closing.push(free);
  return { proxies, clock, port, free };
}

function wantedAt(port: number): WantedProxy {
  const ears = { asked: () => undefined, gone: () => undefined };
  return { key: "one", open: () => openProxyServer({ host: "127.0.0.1", port }, ears) };
}

/** Listens there; how to end that. */
async function listenAt(port: number): Promise<() => Promise<void>> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return () => new Promise((resolve) => void server.close(() => resolve()));
}

/** Rejects where nobody listens. */
async function connect(port: number): Promise<void> {
  const socket = createConnection(port, "127.0.0.1");
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  socket.destroy();
}
