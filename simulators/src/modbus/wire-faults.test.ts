import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as pass } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { effectOf, Fault } from "../faults/fault.ts";
import type { WireEffect } from "../faults/wire-effect.ts";
import { registerImage } from "../registers/image.ts";
import type { RegisterTable } from "../registers/register.ts";
import { modbusTestClient } from "../testing/modbus-client.ts";
import { serveDevice } from "./device-server.ts";

const table: RegisterTable = {
  ...{ source: "test", readBy: 3, blocks: [[100, 110]], mostPerRead: 125 },
  rows: [{ address: 100, type: "uint16", words: 1, point: "dc.power", scale: 1, missing: 0xffff }],
};
/** A read of one register, and the answer to it behind the transaction's number. */
const read = "000000060103006400" + "01";
const answered = "000000050103021267";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closing.splice(0).reverse()) await close();
});

/** A device on whose wire something is wrong, and what the reads of it were that left as they should. */
async function faulty(...faults: readonly object[]) {
  const moment = { at: 0, timeZone: "Etc/UTC" };
  const wire = faults.map((fault): WireEffect => {
    const written = { device: "INV-01", start: "1970-01-01T00:00:00Z", ...fault };
    return effectOf(Fault.parse(written), moment).wire ?? {};
  });
  const kept = {
    wire: wire as readonly WireEffect[],
    isSilent: false,
    ...{ answered: 0, whole: 0, broken: 0, never: 0 },
    ...{ refusals: [] as string[], ignored: [] as string[] },
  };
  const server = await serveDevice({
    ...{ host: "127.0.0.1", port: 0, wire: () => kept.wire },
    silent: () => kept.isSilent,
    units: new Map([
      [
        1,
        {
          readBy: new Set([3 as const]),
          image: () => registerImage(table, { "dc.power": 4_711 }),
          served: () => {
            kept.answered += 1;
            return (how) => {
              kept[how] += 1;
            };
          },
          refused:
            ({ function: code, start, count, unit }, exception) =>
            (how) => {
              kept.refusals.push([code, start, count, exception, how, ...at(unit)].join(" "));
            },
          ignored: ({ function: code, start, count, unit }) => {
            kept.ignored.push([code, start, count, ...at(unit)].join(" "));
          },
        },
      ],
    ]),
  });
  closing.push(() => server.close());
  return { port: server.port, kept };
}

const at = (unit: number | undefined) => (unit === undefined ? [] : [`at ${unit}`]);

/** From now on timers end when the test says so: how busy the machine is makes no difference. */
function holdTimers(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
}

/** A bare connection and all that it has heard, chunk by chunk. */
async function opened(port: number) {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  closing.push(() => socket.destroy());
  socket.on("error", () => undefined);
  await once(socket, "connect");
  const heard: string[] = [];
  socket.on("data", (bytes) => heard.push(bytes.toString("hex")));
  const ask = (...transactions: readonly string[]) =>
    void socket.write(Buffer.from(transactions.map((one) => one + read).join(""), "hex"));
  return { socket, heard, ask };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pass(2);
}

const closed = (socket: Socket) => once(socket, "close");

describe("a device with a fault on its wire", () => {
  test("never answers what it has not heard, and answers the next", async () => {
    const { port, kept } = await faulty({ kind: "no-answer", every: 2 });
    const { heard, ask } = await opened(port);
    for (const transaction of ["0001", "0002", "0003"]) ask(transaction);
    await until(() => heard.join("").includes("0003"));

    expect(heard.join("")).toBe(`0001${answered}0003${answered}`);
    expect(kept.whole).toBe(2);
    expect(kept.ignored).toEqual(["3 100 1"]);
  });

  test("answers late, in the order of the requests", async () => {
    const { port } = await faulty({ kind: "slow-answer", delayMs: 80, every: 2 });
    const { heard, ask } = await opened(port);
    const before = performance.now();
    ask("0001", "0002", "0003");
    await until(() => heard.join("").includes("0003"));

    expect(performance.now() - before).toBeGreaterThan(75);
    expect(heard.join("")).toBe(["0001", "0002", "0003"].map((one) => one + answered).join(""));
  });

  test("hears nothing on a half-open connection, which stays open, and serves a new one", async () => {
    const { port, kept } = await faulty({ kind: "half-open", afterRequests: 1 });
    const old = await opened(port);
    old.ask("0001");
    await until(() => old.heard.length > 0);
    old.ask("0002");
    const fresh = await opened(port);
    fresh.ask("0009");
    await until(() => fresh.heard.length > 0);
    old.ask("0003", "0004");
    await until(() => kept.ignored.length >= 3);

    // All that it has not heard is known.
    expect(kept.ignored).toEqual(["3 100 1", "3 100 1", "3 100 1"]);
    expect(old.heard).toEqual([`0001${answered}`]);
    expect(old.socket.destroyed).toBe(false);
  });

  test("does not hear on a connection that was half-open when the fault is over", async () => {
    const { port, kept } = await faulty({ kind: "half-open", afterRequests: 0 });
    const { heard, ask } = await opened(port);
    ask("0001");
    await until(() => kept.ignored.length === 1);
    kept.wire = [];
    ask("0002");
    await until(() => kept.ignored.length === 2);

    expect(heard).toEqual([]);
  });

  test("knows what it was asked while it heard nothing, and answers what is asked behind that", async () => {
    const { port, kept } = await faulty();
    const { heard, ask, socket } = await opened(port);
    kept.isSilent = true;
    ask("0001", "0002");
    socket.write(Buffer.from(`0003${read.slice(0, 8)}`, "hex"));
    await until(() => kept.ignored.length === 2);
    kept.isSilent = false;
    socket.write(Buffer.from(read.slice(8), "hex"));
    await until(() => heard.length > 0);

    expect(heard.join("")).toBe(`0003${answered}`);
    expect(kept.ignored).toEqual(["3 100 1", "3 100 1"]);
  });

  test("hangs up on what was no request as soon as it hears again", async () => {
    const { port, kept } = await faulty();
    const { socket } = await opened(port);
    kept.isSilent = true;
    socket.write(Buffer.alloc(300, 0xaa));
    const other = await opened(port);
    other.ask("0001");
    await until(() => kept.ignored.length === 1);
    expect(socket.destroyed).toBe(false);
    kept.isSilent = false;
    socket.write(Buffer.from(`0001${read}`, "hex"));
    await closed(socket);

    expect([kept.whole, kept.ignored.length]).toEqual([0, 1]);
  });

  test("knows what was asked of units that are not there", async () => {
    const { port, kept } = await faulty();
    const { heard, socket } = await opened(port);
    const stranger = Buffer.from(`0001${read}`, "hex");
    stranger.writeUInt8(7, 6);
    socket.write(stranger);
    await until(() => heard.length > 0);
    kept.isSilent = true;
    socket.write(stranger);
    await until(() => kept.ignored.length > 0);

    expect(heard).toEqual(["0001000000030783" + "0b"]);
    expect(kept.refusals).toEqual(["3 100 1 11 whole at 7"]);
    expect(kept.ignored).toEqual(["3 100 1 at 7"]);
  });

  test("hangs up in place of an answer after so many", async () => {
    const { port } = await faulty({ kind: "connection-drop", afterRequests: 2 });
    const { socket, heard, ask } = await opened(port);
    ask("0001");
    ask("0002");
    await until(() => heard.join("").includes("0002"));
    ask("0003");
    await closed(socket);

    expect(heard.join("")).toBe(`0001${answered}0002${answered}`);
  });

  test.each(Array.from({ length: 11 }, (_, i) => i + 1))(
    "answers by exception %i",
    async (code) => {
      const { port, kept } = await faulty({ kind: "exception-answer", code });
      const client = await modbusTestClient(port);
      closing.push(() => client.close());
      const { body, transaction } = await client.read(3, 100, 1);

      expect([...body, transaction]).toEqual([0x83, code, 1]);
      expect(kept.whole).toBe(0);
      expect(kept.refusals).toEqual([`3 100 1 ${code} whole`]);
    },
  );

  test("answers under another number, and counts it as nothing that was served", async () => {
    const { port, kept } = await faulty({ kind: "wrong-transaction", off: 5 });
    const { heard, ask } = await opened(port);
    ask("0001");
    await until(() => heard.length > 0);

    expect(heard).toEqual([`0006${answered}`]);
    expect([kept.whole, kept.broken]).toEqual([0, 1]);
  });

  test("answers in pieces", async () => {
    const { port, kept } = await faulty({ kind: "partial-frames", bytes: 4, pauseMs: 150 });
    const { heard, ask } = await opened(port);
    ask("0001");
    await until(() => heard.join("").length === 22);

    expect(heard).toEqual(["00010000", "00050103", "021267"]);
    expect(kept.whole).toBe(1);
  });

  test("breaks off, and hangs up where it has been told to", async () => {
    const { port, kept } = await faulty({ kind: "partial-frames", bytes: 4, rest: "hung-up" });
    const { socket, heard, ask } = await opened(port);
    ask("0001");
    await closed(socket);

    expect(heard).toEqual(["00010000"]);
    expect(kept.whole).toBe(0);
  });

  test("sends answers together that were asked for apart", async () => {
    const { port, kept } = await faulty({ kind: "merged-frames", withinMs: 400 });
    const { heard, ask } = await opened(port);
    holdTimers();
    ask("0001");
    await until(() => kept.answered === 1);
    ask("0002");
    await until(() => kept.answered === 2);
    vi.advanceTimersByTime(400);
    await until(() => heard.length > 0);

    expect(heard).toEqual([`0001${answered}0002${answered}`]);
    expect(kept.whole).toBe(2);
  });

  test.each([
    { kind: "slow-answer", delayMs: 300 },
    { kind: "merged-frames", withinMs: 300 },
    { kind: "partial-frames", bytes: 4, pauseMs: 300 },
  ])("has not served what had no time to leave: %o", async (fault) => {
    const { port, kept } = await faulty(fault);
    const { socket, ask } = await opened(port);
    holdTimers();
    ask("0001");
    await until(() => kept.answered === 1);
    socket.destroy();
    await until(() => kept.never > 0);
    vi.advanceTimersByTime(1_000);

    expect([kept.whole, kept.never]).toEqual([0, 1]);
  });

  test("sends garbage before an answer", async () => {
    const { port } = await faulty({ kind: "garbage", bytes: 3 });
    const { heard, ask } = await opened(port);
    ask("0001");
    await until(() => heard.length > 0);

    expect(heard.join("")).toMatch(new RegExp(`^.{6}0001${answered}$`));
  });

  test("serves the first of two clients", async () => {
    const { port } = await faulty({ kind: "one-client" });
    const first = await opened(port);
    first.ask("0001");
    await until(() => first.heard.length > 0);
    const second = await opened(port);
    await closed(second.socket);
    first.ask("0002");
    await until(() => first.heard.length > 1);

    expect(second.heard).toEqual([]);
  });

  test("serves the last of two clients, and the other as soon as that one is gone", async () => {
    const { port } = await faulty({ kind: "one-client", keeps: "last" });
    const first = await opened(port);
    const second = await opened(port);
    await closed(first.socket);
    second.ask("0001");
    await until(() => second.heard.length > 0);
    second.socket.destroy();
    const third = await opened(port);
    third.ask("0002");
    await until(() => third.heard.length > 0);

    expect(third.heard).toEqual([`0002${answered}`]);
  });

  test("is as it was when the fault is over", async () => {
    const { port, kept } = await faulty({ kind: "slow-answer", delayMs: 60_000 });
    const { heard, ask } = await opened(port);
    kept.wire = [];
    ask("0001");
    await until(() => heard.length > 0);

    expect(heard).toEqual([`0001${answered}`]);
  });
});
