import { connect, type Socket } from "node:net";
import { parseArgs } from "node:util";
import type { ReadsReport } from "./link-reads.ts";
import { hostOf } from "./register-server.ts";

/**
 * What the same reads cost any program on Node, whatever it does with them: prepared requests written to
 * bare sockets each second, one after the other or all of a device at once, and the length of each answer
 * looked at. `socket-reads PORT DEVICES BLOCKS REGISTERS SECONDS WINDOW` prints one line of JSON.
 */
const [port = 0, devices = 0, blocks = 0, registers = 0, seconds = 0, window = 1] = parseArgs({
  allowPositionals: true,
}).positionals.map(Number);

const blockStep = 200;
const answerLength = 9 + 2 * registers;
const requests = Array.from({ length: blocks }, (_, i) => requestFor(i * blockStep));
const begins = window > 1 ? Buffer.concat(requests) : requests[0];
let reads = 0;

const sockets = await Promise.all(Array.from({ length: devices }, (_, i) => opened(hostOf(i))));
const timer = setInterval(() => {
  for (const socket of sockets) socket.write(begins ?? "");
}, 1_000);

await pastSeconds(3);
const [begin, before, readsBefore] = [performance.now(), process.cpuUsage(), reads];
await pastSeconds(seconds);
const { user, system } = process.cpuUsage(before);
const report: ReadsReport = {
  reads: reads - readsBefore,
  seconds: (performance.now() - begin) / 1_000,
  cpuSeconds: (user + system) / 1e6,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
clearInterval(timer);
for (const socket of sockets) socket.destroy();

function opened(host: string): Promise<Socket> {
  const buffer = Buffer.allocUnsafeSlow(4_096);
  let got = 0;
  let answered = 0;
  const callback = (length: number) => {
    got += length;
    for (; got >= answerLength; got -= answerLength) {
      reads += 1;
      answered = (answered + 1) % blocks;
      if (window === 1 && answered > 0) socket.write(requests[answered] ?? "");
    }
    return true;
  };
  const socket = connect({ host, port, noDelay: true, onread: { buffer, callback } });
  return new Promise((resolve, reject) => {
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
}

function requestFor(address: number): Buffer {
  const request = Buffer.from([0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, registers]);
  request.writeUInt16BE(address, 8);
  return request;
}

function pastSeconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * 1_000));
}
