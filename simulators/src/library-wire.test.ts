import { once } from "node:events";
import { readdirSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { setTimeout as pass } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type DrivenClock, drivenClock } from "@sunledger/runtime";
import { afterEach, expect, test, vi } from "vitest";
import { startSimulators } from "./app.ts";
import { devicesOf } from "./device/device.ts";
import { deviceOf, effectOf, type Fault, type FaultName, idOf } from "./faults/fault.ts";
import { plantModel } from "./plant/plant-model.ts";
import { loadScenario } from "./scenario/load-scenario.ts";
import type { SimulatedPlant } from "./scenario/scenario.ts";
import { testScope } from "./testing/scope.ts";

/** A busy machine takes its time. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const library = fileURLToPath(new URL("../scenarios/", import.meta.url));
const files = readdirSync(library).filter((file) => file.endsWith(".yaml"));
const minute = 60_000;

/** What a client may find wrong. */
type Oddity =
  | "silence"
  | "hung up"
  | "exception"
  | "other transaction"
  | "pieces"
  | "other bytes"
  | "merged";

const expected: Partial<Record<FaultName, Oddity>> = {
  "comms-loss": "silence",
  "no-answer": "silence",
  "slow-answer": "silence",
  "half-open": "silence",
  "connection-drop": "hung up",
  "exception-answer": "exception",
  "wrong-transaction": "other transaction",
  "partial-frames": "pieces",
  "merged-frames": "merged",
  garbage: "other bytes",
  "one-client": "hung up",
};

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const cases = await Promise.all(
  files.map(async (file) => {
    const scenario = await loadScenario(`${library}/${file}`);
    return scenario.plants.flatMap((plant) =>
      plant.faults.filter(isOfWire).map((fault) => ({ file, id: idOf(fault), plant, fault })),
    );
  }),
);

function isOfWire(fault: Fault): boolean {
  const { wire, silent } = effectOf(fault, { at: fault.start, timeZone: "UTC" });
  return wire !== undefined || silent === true;
}

test.each(cases.flat())("acts on its wire while it lasts: $file $id", async ({ plant, fault }) => {
  const wanted = expected[fault.kind];
  const clock = drivenClock(fault.start - minute);
  const line = await servedAt(clock, plant, fault);

  expect(await oddities(line, 3, patientMs)).toEqual([]);
  await clock.advance(fault.start);
  expect(await oddities(line, 60, hastyMs, wanted)).toContain(wanted);
  if (fault.end === undefined) return;
  await clock.advance(fault.end);
  expect(await oddities(line, 3, patientMs)).toEqual([]);
});

test("each kind of fault of the wire is in the library", () => {
  const kinds = cases.flat().map(({ fault }) => fault.kind);

  expect(new Set(kinds)).toEqual(new Set(Object.keys(expected)));
});

type Line = { readonly port: number; readonly read: readonly [readBy: number, start: number] };

/** Serves the plant of a fault, with it alone; the line of a device that it strikes. */
async function servedAt(clock: DrivenClock, plant: SimulatedPlant, fault: Fault): Promise<Line> {
  const scope = testScope();
  closing.push(() => scope.stop());
  const alone = { ...plant, faults: [fault] };
  const scenario = { seed: "library", origin: clock.now(), plants: [alone] };
  const lines = await startSimulators({ scenario, clock, host: "127.0.0.1", port: 0 }, scope);
  const tag = deviceOf(fault) ?? plant.devices[0]?.tag;
  const devices = devicesOf(plantModel(scenario.seed, alone, { origin: clock.now() }));
  const place = devices.findIndex(({ device }) => device.tag === tag);
  const [block] = devices[place]?.table.blocks ?? [];
  if (!block) throw new Error(`nobody has the fault ${fault.kind}`);
  return { port: lines[place]?.port ?? 0, read: [block[2] ?? 3, block[0]] };
}

/** Long enough for a busy machine to answer, and too short for an answer that is held back. */
const [patientMs, hastyMs] = [30_000, 250];

/** What is wrong with the answers to so many pairs of reads, until what is wanted has been found. */
async function oddities(line: Line, pairs: number, patienceMs: number, wanted?: Oddity) {
  const found = new Set<Oddity>();
  // One that serves a single client has another already.
  const other = await opened(line.port);
  const client = await opened(line.port);
  for (let n = 0; n < pairs && !(wanted && found.has(wanted)) && !client.destroyed; n += 1) {
    for (const odd of await asked(client, line, 2 * n, patienceMs)) found.add(odd);
  }
  if (client.destroyed) found.add("hung up");
  // The device has seen them go before the next ones come.
  await Promise.all([other, client].map(closed));
  // Two answers may arrive in one piece where nobody has put them together.
  return [...found].filter((odd) => odd === wanted || odd !== "merged");
}

async function opened(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  closing.push(() => socket.destroy());
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

async function closed(socket: Socket): Promise<void> {
  if (socket.destroyed) return;
  socket.resume().end();
  // A line that is dead hears no farewell.
  await Promise.race([once(socket, "close"), pass(hastyMs)]);
  socket.destroy();
}

/** What is odd about the answers to two reads of two registers. */
async function asked(client: Socket, line: Line, transaction: number, patienceMs: number) {
  const heard: Buffer[] = [];
  const listen = (bytes: Buffer) => heard.push(bytes);
  client.on("data", listen);
  const [readBy, start] = line.read;
  for (const one of [transaction, transaction + 1]) {
    client.write(Buffer.from([0, one, 0, 0, 0, 6, 1, readBy, start >> 8, start & 255, 0, 2]));
  }
  const until = performance.now() + patienceMs;
  let answers = framesIn(Buffer.concat(heard));
  while (answers.frames.length < 2 && performance.now() < until && !client.destroyed) {
    await pass(2);
    answers = framesIn(Buffer.concat(heard));
  }
  client.off("data", listen);
  return judged(answers, heard, client.destroyed, [transaction, transaction + 1]);
}

type Frame = { readonly end: number; readonly transaction: number; readonly isException: boolean };
type Frames = { readonly frames: readonly Frame[]; readonly isForeign: boolean };

/** The answers that are whole, up to what is none. */
function framesIn(bytes: Buffer): Frames {
  const frames: Frame[] = [];
  for (let at = 0; bytes.length >= at + 8; ) {
    const length = bytes.readUInt16BE(at + 4);
    if (bytes.readUInt16BE(at + 2) !== 0 || length > 254) return { frames, isForeign: true };
    if (bytes.length < at + 6 + length) break;
    const [transaction, code] = [bytes.readUInt16BE(at), bytes.readUInt8(at + 7)];
    at += 6 + length;
    frames.push({ end: at, transaction, isException: code >= 0x80 });
  }
  return { frames, isForeign: false };
}

function judged(
  { frames, isForeign }: Frames,
  heard: readonly Buffer[],
  isClosed: boolean,
  transactions: readonly number[],
): Oddity[] {
  const ends = new Set(frames.map(({ end }) => end));
  let total = 0;
  const boundaries = heard.map(({ length }) => {
    total += length;
    return total;
  });
  const odd: (Oddity | false)[] = [
    isForeign && "other bytes",
    frames.length < 2 && !isClosed && "silence",
    frames.some(({ isException }) => isException) && "exception",
    frames.some(({ transaction }) => !transactions.includes(transaction)) && "other transaction",
    boundaries.some((end) => !ends.has(end)) && "pieces",
    frames.length === 2 && heard.length === 1 && "merged",
  ];
  return odd.filter((one) => one !== false);
}
