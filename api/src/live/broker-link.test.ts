import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Duplex } from "node:stream";
import type { Scope } from "@sunledger/runtime";
import { Aedes } from "aedes";
import { pino } from "pino";
import { expect, test } from "vitest";
import { until } from "../testing/until.ts";
import { openBrokerLink } from "./broker-link.ts";

test("notices within seconds a broker that holds its connections and says nothing", async () => {
  const stopping: (() => unknown)[] = [];
  const scope: Scope = {
    log: pino({ level: "silent" }),
    signal: new AbortController().signal,
    onStop: (_name, stop) => void stopping.push(stop),
  };
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

const listener = { accepted() {}, status() {}, announced() {}, heardAgain() {} };
