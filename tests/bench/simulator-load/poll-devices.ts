import { connect, type Socket } from "node:net";
import { setTimeout as pass } from "node:timers/promises";
import { type Judge, judgeOf } from "./expected-answers.ts";

/**
 * Polls devices on ports that follow one another: with `paced` each once a second, at an instant of its own, else
 * each again as soon as it has answered. `poll-devices PORT DEVICES SECONDS paced|unpaced READS [SCENARIO]`, READS
 * being the reads of as many devices as it has, which then begin anew: `[[first register, how many], …]`. With the
 * scenario that is served one answer in ten is compared with it. Prints one line of JSON.
 */
const [port = "", count = "", duration = "", manner = "", given = "[]", scenario] =
  process.argv.slice(2);
const [firstPort, devices, seconds] = [port, count, duration].map(Number) as [
  number,
  number,
  number,
];
const isPaced = manner === "paced";
const reads: readonly (readonly [start: number, registers: number])[] = JSON.parse(given);

/** What a run came to. */
export type PollReport = {
  readonly seconds: number;
  readonly polls: number;
  /** Not answered when the next poll of the device was due. */
  readonly missed: number;
  /** Answered by an exception. */
  readonly refused: number;
  /** Of the answers that were compared: how many, and how many had other values than the scenario. */
  readonly compared: number;
  readonly differing: number;
  /** From a poll to its whole answer, milliseconds. */
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly most: number };
};

const warmUpMs = 3_000;
const second = 1_000;
const exceptionBit = 0x80;
const headerLength = 9;

const comparedShare = 10;

const none = { polls: 0, missed: 0, refused: 0, compared: 0, differing: 0 };
let counts = { ...none };
let latencies: number[] = [];

type Poller = { poll(): void };

const judge: Judge | undefined = scenario === undefined ? undefined : await judgeOf(scenario);

const pollers: Poller[] = [];
for (let i = 0; i < devices; i += 1) {
  const [start = 0, registers = 1] = reads[i % reads.length] ?? [];
  pollers.push(await opened(i, start, registers));
}
pollers.forEach(({ poll }, i) => {
  if (!isPaced) poll();
  else
    setTimeout(
      () => {
        poll();
        setInterval(poll, second);
      },
      (i * second) / devices,
    );
});

await pass(warmUpMs);
counts = { ...none };
latencies = [];
const begin = performance.now();
await pass(seconds * second);
const spent = (performance.now() - begin) / second;
const sorted = latencies.sort((a, b) => a - b);
const share = (part: number) =>
  Math.round((sorted[Math.floor(part * (sorted.length - 1))] ?? 0) * 10) / 10;
const report: PollReport = {
  seconds: Math.round(spent * 100) / 100,
  ...counts,
  latencyMs: { p50: share(0.5), p99: share(0.99), most: share(1) },
};
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exit();

function opened(device: number, start: number, registers: number): Promise<Poller> {
  const request = requestFor(start, registers);
  const whole = headerLength + 2 * registers;
  let got = 0;
  let askedAt: number | undefined;
  /** The same, Unix milliseconds. */
  let asked = 0;
  /** Each device has its turn to be compared. */
  let turn = device;
  const answer = Buffer.alloc(2 * whole);
  const poll = () => {
    if (askedAt !== undefined) counts.missed += 1;
    askedAt = performance.now();
    asked = Date.now();
    socket.write(request);
  };
  const compare = () => {
    turn += 1;
    if (!judge || turn % comparedShare !== 0) return;
    const words = answer.subarray(headerLength, whole);
    const isSame = judge({ device, start, count: registers, words, asked, answered: Date.now() });
    if (isSame === undefined) return;
    counts.compared += 1;
    if (!isSame) counts.differing += 1;
  };
  const answered = (isRefused: boolean) => {
    latencies.push(performance.now() - (askedAt ?? 0));
    if (isRefused) counts.refused += 1;
    else compare();
    got = 0;
    askedAt = undefined;
    counts.polls += 1;
    if (!isPaced) poll();
  };
  const buffer = Buffer.allocUnsafeSlow(1_024);
  const callback = (length: number) => {
    const isRefused = got === 0 && ((buffer[7] ?? 0) & exceptionBit) !== 0;
    buffer.copy(answer, got, 0, length);
    got += length;
    if (isRefused || got >= whole) answered(isRefused);
    return true;
  };
  const socket: Socket = connect({
    port: firstPort + device,
    host: "127.0.0.1",
    noDelay: true,
    onread: { buffer, callback },
  });
  return new Promise((resolve, reject) => {
    socket.once("connect", () => resolve({ poll }));
    socket.once("error", reject);
  });
}

function requestFor(start: number, registers: number): Buffer {
  const request = Buffer.from([0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, registers]);
  request.writeUInt16BE(start, 8);
  return request;
}
