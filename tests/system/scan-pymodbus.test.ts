import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadProfiles } from "../../gateway/src/profiles/load-profiles.ts";
import { readGatewayConfig } from "../../gateway/src/site-file/read-gateway-config.ts";
import { loadSunspecModels, sunspecPointNames } from "../../gateway/src/sunspec/models.ts";

/** Debian's packages live under the system's own interpreter, whichever is first on the path. */
const python = ["/usr/bin/python3", "python3"].find(
  (name) => spawnSync(name, ["-c", "import pymodbus.server.async_io"]).status === 0,
);
const hasToRun = process.env.CI === "true";

describe.runIf(python !== undefined || hasToRun)("scan of a device served by pymodbus", () => {
  let server: ChildProcess | undefined;
  let address = "";

  beforeAll(async () => {
    if (!python) {
      throw new Error(
        "pymodbus is missing: apt-get install python3-pymodbus python3-serial-asyncio",
      );
    }
    const script = fileURLToPath(new URL("../support/pymodbus-sunspec.py", import.meta.url));
    server = spawn(python, [script], { stdio: ["pipe", "pipe", "inherit"] });
    if (!server.stdout) throw new Error("the server has no output");
    const [port] = await once(createInterface(server.stdout), "line");
    address = `tcp://127.0.0.1:${port}`;
  });

  afterAll(async () => {
    if (server?.exitCode === null) {
      server.stdin?.end();
      await once(server, "exit");
    }
  });

  test("shows the chain, unknown models stepped over, and the values", async () => {
    const { code, out } = await scan(`${address}?unit=7`);

    expect(code).toBe(0);
    expect(out).toContain("a SunSpec map at 40000");
    expect(out).toContain("device: inverter, profile sunspec");
    expect(rowOf(out, "id.serial")).toEqual(["id.serial", "PM50-0042"]);
    expect(rowOf(out, "model 64001")).toContain("unknown, skipped");
    expect(rowOf(out, "ac.power.active")).toEqual([
      "ac.power.active",
      "49870 W",
      "103:W (holding 40084 int16)",
    ]);
    expect(rowOf(out, "state.operating")).toContain("Generating, MPP tracking");
    expect(rowOf(out, "temp.heatsink")).toContain("notImplemented");
  });

  test("gives the same as JSON, exact to the digit", async () => {
    const { code, out } = await scan(`${address}?unit=7`, "--json");
    const { devices } = JSON.parse(out);
    const values = new Map(
      devices[0].points.map((p: { point: string; value: unknown }) => [p.point, p.value]),
    );

    expect(code).toBe(0);
    expect(Object.fromEntries(values)).toMatchObject({
      "ac.energy.generated.total": 123_456_700,
      "ac.frequency": 50.02,
      "ac.powerFactor": -0.999,
      "ac.current.total": 72.15,
      "ac.voltage.an": 231,
      "dc.power": 51_010,
      "temp.cabinet": 41.5,
      "temp.heatsink": null,
      "dc.mppt.5.current": 17.05,
      "dc.mppt.5.voltage": 620.5,
      "dc.mppt.5.energy.total": 50_000,
    });
    expect(devices[0].models.map(({ id }: { id: number }) => id)).toEqual([1, 103, 64_001, 160]);
  });

  test("a unit that is not there is said so, with exit code 1", async () => {
    const { code, out, err } = await scan(`${address}?unit=9`);

    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/unit=9: (exception|no answer)/);
  });

  test("is found among units, and a configuration that polls it is written once", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sunledger-scan-"));
    const file = join(folder, "site.yaml");
    const search = ["--units", "6-8", "--timeout", "300", "--write", file, "--gateway", "roof-17"];
    try {
      const { code, out, err } = await scan(address, ...search);

      expect([code, err]).toEqual([
        0,
        `wrote ${file}: look it over, then start the gateway with it\n`,
      ]);
      expect(out).toContain("1 host answers, 1 device found");
      expect(out).toMatch(
        /unit=7 {2}inverter {2}sunspec {2}\d+ % {2}Pymodbus Works PM-50 PM50-0042/,
      );
      const profiles = loadProfiles({ sunspec: sunspecPointNames(loadSunspecModels()) });
      expect(readGatewayConfig(file, profiles)).toMatchObject({
        id: "roof-17",
        devices: [{ tag: "INV-01", url: `${address}?unit=7`, profile: "sunspec" }],
      });

      const again = await scan(address, ...search);
      expect(again.code).toBe(1);
      expect(again.err).toContain("the file to write exists already");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("a search that finds nothing says so, with exit code 1", async () => {
    const { code, out } = await scan("127.0.0.1..127.0.0.2:1", "--timeout", "200");

    expect([code, out]).toEqual([1, "0 hosts answer, 0 devices found\n"]);
  });

  test("a port where nobody listens is said so, with exit code 1", async () => {
    const { code, err } = await scan("tcp://127.0.0.1:1?unit=1");

    expect(code).toBe(1);
    expect(err).toBe("tcp://127.0.0.1:1?unit=1: the connection was refused\n");
  });

  test("an address that is none is said so, with exit code 1", async () => {
    const { code, err } = await scan("modbus://nowhere");

    expect(code).toBe(1);
    expect(err).toContain("tcp://host:port?unit=1");
  });
});

type Outcome = { readonly code: number; readonly out: string; readonly err: string };

function scan(...given: string[]): Promise<Outcome> {
  const main = fileURLToPath(new URL("../../gateway/src/scan/main.ts", import.meta.url));
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, ...given], (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

/** The cells of the table's row that begins with these words. */
function rowOf(table: string, name: string): string[] {
  const line = table.split("\n").find((row) => row.trim().startsWith(`${name} `));
  return line?.trim().split(/ {2,}/) ?? [];
}
