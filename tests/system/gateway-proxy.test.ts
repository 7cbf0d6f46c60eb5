import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { startAckingPeer } from "../../gateway/src/delivery/testing/acking-peer.ts";
import { freePorts } from "../support/free-ports.ts";
import { modbusPeer } from "../support/modbus-peer/modbus-peer.ts";
import { startProgram } from "../support/pipe.ts";
import { until } from "../support/until.ts";

const run = promisify(execFile);
/** Debian's packages live under the system's own interpreter, whichever is first on the path. */
const python = ["/usr/bin/python3", "python3"].find(
  (name) => spawnSync(name, ["-c", "import pymodbus.client"]).status === 0,
);
const hasMbpoll = !spawnSync("mbpoll", ["-V"]).error;
const script = fileURLToPath(new URL("../support/pymodbus-reads.py", import.meta.url));

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe.runIf((python !== undefined && hasMbpoll) || process.env.CI === "true")(
  "a device of one client that the gateway polls",
  () => {
    test("is read by mbpoll and pymodbus through the gateway's proxy, and written by nobody", async () => {
      const registers = Array.from({ length: 500 }, (_, i): [number, number] => [i, i]);
      const peer = await modbusPeer({ registers, mostClients: 1 });
      closing.push(() => peer.close());
      const broker = await startAckingPeer();
      closing.push(() => broker.close());
      const port = await freePorts(1);
      await startGateway(peer.port, port, broker.url);
      await until("frames of the polls", () => broker.received.length > 0);

      const read = run("mbpoll", [
        ...["-m", "tcp", "-p", String(port), "-a", "1"],
        ...["-t", "4", "-0", "-r", "200", "-c", "3", "-1", "-q", "127.0.0.1"],
      ]);
      const client = run(String(python), [script, ...[port, 1, 300, 4, 99].map(String)]);
      const stranger = run(String(python), [script, ...[port, 2, 300, 1].map(String)]);
      const beyond = run(String(python), [script, ...[port, 1, 4_000, 1].map(String)]);

      expect((await read).stdout).toMatch(
        /\[200\]:\s+200[\s\S]*\[201\]:\s+201[\s\S]*\[202\]:\s+202/,
      );
      expect(linesOf(await client)).toEqual([
        { registers: [300, 301, 302, 303] },
        { exception: 1 },
      ]);
      expect(linesOf(await stranger)).toEqual([{ exception: 10 }]);
      expect(linesOf(await beyond)).toEqual([{ exception: 2 }]);
      expect(peer.connections()).toBe(1);
      expect(peer.registers.get(300)).toBe(300);

      // Polls have gone on: what they brought is numbered without a hole.
      const counted = () => {
        const frames = broker.received.filter(({ lane }) => lane === "values");
        const numbers = frames.flatMap((message) => message.frames.map((one) => one.sequence));
        return [...new Set(numbers)].sort((one, other) => one - other);
      };
      const before = counted().length;
      await until("further frames", () => counted().length > before + 2);
      expect(counted()).toEqual(counted().map((_, i) => i + 1));
      expect(peer.connections()).toBe(1);
    });
  },
);

function linesOf({ stdout }: { readonly stdout: string }): unknown[] {
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

async function startGateway(device: number, proxy: number, mqttUrl: string) {
  const folder = mkdtempSync(join(tmpdir(), "sunledger-proxy-"));
  closing.push(() => rmSync(folder, { recursive: true }));
  const config = join(folder, "gateway.yaml");
  // JSON is YAML.
  writeFileSync(
    config,
    JSON.stringify({
      id: "proxy-gw",
      linger: { idleMs: 500 },
      devices: [
        {
          tag: "METER-01",
          url: `tcp://127.0.0.1:${device}?unit=1`,
          profile: "eastron-sdm630",
          proxy: { listen: `127.0.0.1:${proxy}` },
        },
      ],
    }),
  );
  const gateway = await startProgram("gateway/src/main.ts", {
    SUNLEDGER_GATEWAY_CONFIG: config,
    SUNLEDGER_MQTT_URL: mqttUrl,
    SUNLEDGER_GATEWAY_SECRET: "secret",
    SUNLEDGER_OUTBOX_DIR: join(folder, "outbox"),
  });
  closing.push(() => gateway.stop());
}
