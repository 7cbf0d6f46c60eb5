import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { systemClock } from "@sunledger/runtime";
import { afterEach, describe, expect, test } from "vitest";
import { openLink } from "../../gateway/src/modbus/link.ts";
import { hasPtys, ptyPair } from "../../gateway/src/modbus/testing/pty-pair.ts";
import { serialRtuPeer } from "../../gateway/src/modbus/testing/rtu-peer.ts";

/** Debian's packages live under the system's own interpreter, whichever is first on the path. */
const python = ["/usr/bin/python3", "python3"].find(
  (name) => spawnSync(name, ["-c", "import serial_asyncio, pymodbus.server.async_io"]).status === 0,
);
const hasMbpoll = !spawnSync("mbpoll", ["-V"]).error;
const hasToRun = process.env.CI === "true";
const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet };
const baud = 19_200;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe.runIf((python !== undefined && hasPtys) || hasToRun)(
  "a serial line served by pymodbus",
  () => {
    test("its units are read in turn, refusals and dead units between them", async () => {
      const { ours, theirs } = await laidLine();
      await pymodbus(theirs);
      const link = openLink({
        address: { transport: "serial", path: ours, baud, parity: "none", stopBits: 1 },
        clock: systemClock(),
        log,
      });
      closing.push(() => link.close());
      const read = (
        unit: number,
        kind: "holding" | "input" | "coil",
        address: number,
        count: number,
      ) => link.read({ kind, address, count }, mannersOf(unit));

      const [holding, input, coils, dead, refused, longest] = await Promise.allSettled([
        read(3, "holding", 100, 3),
        read(17, "input", 7, 2),
        read(17, "coil", 9, 10),
        link.read(
          { kind: "holding", address: 0, count: 1 },
          { ...mannersOf(5), responseTimeoutMs: 200 },
        ),
        read(3, "holding", 4_000, 1),
        read(3, "holding", 0, 125),
      ]);

      expect(holding).toMatchObject({ value: [100, 101, 102] });
      expect(input).toMatchObject({ value: [14, 16] });
      expect(coils).toMatchObject({ value: [1, 0, 0, 1, 0, 0, 1, 0, 0, 1] });
      expect(dead).toMatchObject({ reason: { kind: "timeout" } });
      expect(refused).toMatchObject({ reason: { kind: "exception", exception: 2 } });
      expect(longest).toMatchObject({ value: Array.from({ length: 125 }, (_, n) => n) });
    });

    test("its registers are written, whatever function the device takes", async () => {
      const { ours, theirs } = await laidLine();
      await pymodbus(theirs);
      const link = openLink({
        address: { transport: "serial", path: ours, baud, parity: "none", stopBits: 1 },
        clock: systemClock(),
        log,
      });
      closing.push(() => link.close());
      const unit = mannersOf(3);

      await link.read({ kind: "holding", address: 100, count: 1 }, unit);
      await link.write({ code: 6, address: 100, words: [60] }, unit);
      await link.write({ code: 16, address: 101, words: [61, 62] }, unit);
      await link.write({ code: 5, address: 9, words: [0] }, mannersOf(17));
      const refused = link.write({ code: 6, address: 4_000, words: [1] }, unit);

      await expect(refused).rejects.toMatchObject({ kind: "exception", exception: 2 });
      const held = { kind: "holding", address: 100, count: 3 } as const;
      expect(await link.read(held, unit)).toEqual([60, 61, 62]);
      const coil = { kind: "coil", address: 9, count: 1 } as const;
      expect(await link.read(coil, mannersOf(17))).toEqual([0]);
    });
  },
);

/** What our own tests meet has to be a serial device in the eyes of others, too. */
test.runIf((hasMbpoll && hasPtys) || hasToRun)("mbpoll reads the peer of our tests", async () => {
  const { ours, theirs } = await laidLine();
  const peer = await serialRtuPeer(theirs);
  closing.push(() => peer.close());

  const line = ["-m", "rtu", "-b", String(baud), "-P", "none", "-s", "1", "-a", "6"];
  const what = ["-t", "4", "-0", "-r", "11", "-c", "2", "-1", "-q"];
  const { stdout } = await promisify(execFile)("mbpoll", [...line, ...what, ours]);

  expect(stdout).toMatch(/\[11\]:\s+6011[\s\S]*\[12\]:\s+6012/);
});

/** A process on a busy machine takes its time to answer. */
function mannersOf(unit: number) {
  return {
    unit,
    responseTimeoutMs: 30_000,
    busyRetry: { exceptions: [], count: 0, waitMs: 0 },
  };
}

async function laidLine() {
  if (!hasPtys) throw new Error("socat is missing: apt-get install socat");
  const pair = await ptyPair();
  closing.push(() => pair.close());
  return pair;
}

async function pymodbus(port: string): Promise<void> {
  if (!python) {
    throw new Error("pymodbus is missing: apt-get install python3-pymodbus python3-serial-asyncio");
  }
  const script = fileURLToPath(new URL("../support/pymodbus-serial.py", import.meta.url));
  const server = spawn(python, [script, port, String(baud)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  closing.push(async () => {
    const ended = server.exitCode === null ? once(server, "exit") : undefined;
    server.stdin.end();
    await ended;
  });
  await once(createInterface(server.stdout), "line");
}
