import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { topics } from "@sunledger/model";
import type { Scope } from "@sunledger/runtime";
import { Aedes } from "aedes";
import { connectAsync } from "mqtt";
import { pino } from "pino";
import { expect, test } from "vitest";
import { until } from "../testing/until.ts";
import { type BrokerListener, openBrokerLink } from "./broker-link.ts";

test("notices within seconds a broker that holds its connections and says nothing", async () => {
  const { scope, stopping } = quietScope();
  const broker = await Aedes.createBroker();
  const held: Socket[] = [];
  let isStopped = false;
  const server = createServer((socket) => {
    held.push(socket);
    // The answers pass by here, as long as there are any.
    const answers = new Duplex({
      read() {},
      write(chunk, _encoding, done) {
        if (!isStopped) socket.write(chunk);
        done();
      },
    });
    socket.on("data", (chunk) => isStopped || answers.push(chunk));
    socket.on("error", () => {});
    socket.on("close", () => answers.destroy());
    broker.handle(answers);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const link = openBrokerLink({ url, secret: "unused", instance: "test" }, listener, scope);
  link.connect();
  await until(() => link.away === undefined);

  isStopped = true;
  await until(() => link.away !== undefined);
  expect(link.away).toBe("The connection failed.");

  for (const stop of stopping) await stop();
  for (const socket of held) socket.destroy();
  server.close();
  await new Promise<void>((done) => broker.close(done));
}, 15_000);

test("tells what was just sent from what the broker has kept", async () => {
  const { scope, stopping } = quietScope();
  const broker = await Aedes.createBroker();
  const server = createServer(broker.handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const gateway = await connectAsync(url);
  const tell = (at: number) => {
    const status = JSON.stringify({ v: 1, state: "online", at });
    return gateway.publishAsync(topics.status("gw"), status, { qos: 1, retain: true });
  };
  const heard: unknown[] = [];
  const status: BrokerListener["status"] = (_gateway, { at }, coming) => {
    heard.push([at, coming]);
  };

  await tell(1);
  const settings = { url, secret: "unused", instance: "test" };
  openBrokerLink(settings, { ...listener, status }, scope).connect();
  await until(() => heard.length === 1);
  await tell(2);
  await until(() => heard.length === 2);
  expect(heard).toEqual([
    [1, "retained"],
    [2, "sent"],
  ]);

  for (const stop of stopping) await stop();
  await gateway.endAsync(true);
  await new Promise<void>((done) => broker.close(done));
  server.close();
}, 15_000);

function quietScope() {
  const stopping: (() => unknown)[] = [];
  const scope: Scope = {
    log: pino({ level: "silent" }),
    signal: new AbortController().signal,
    onStop: (_name, stop) => void stopping.push(stop),
  };
  return { scope, stopping };
}

const listener = { accepted() {}, status() {}, announced() {}, heardAgain() {} };
