import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { environmentOf, freeHousePorts, type HousePorts, sunledger } from "../support/house.ts";

let base: string;
let dataDir: string;
let ports: HousePorts;
let others: Server[] = [];

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), "sunledger-refusals-"));
  chmodSync(base, 0o755);
  dataDir = join(base, "data");
  ports = await freeHousePorts();
});

afterEach(async () => {
  await Promise.all(others.map((server) => new Promise((resolve) => server.close(resolve))));
  others = [];
  rmSync(base, { recursive: true });
});

describe("a start that cannot succeed says one clear sentence and leaves nothing behind", () => {
  test("a busy HTTP port", async () => {
    await occupy(ports.http);
    const { code, errors } = await start();

    expect(code).toBe(1);
    expect(errors.trim()).toBe(
      `Port ${ports.http} on 127.0.0.1, wanted for the dashboard and the api, is in use by ` +
        "another program: stop that program or choose another with SUNLEDGER_HTTP_PORT.",
    );
    expectNothingStarted();
  });

  test("a range of busy ports of simulated devices", async () => {
    await occupy(ports.simulators, ports.simulators + 1, ports.simulators + 2);
    const { code, errors } = await start();

    expect([code, errors]).toEqual([
      1,
      `3 ports from ${ports.simulators} to ${ports.simulators + 2} on 127.0.0.1, wanted for a ` +
        "simulated device each, are in use by another program: stop that program or choose others " +
        "with SUNLEDGER_SIMULATOR_PORT.\n",
    ]);
    expectNothingStarted();
  });

  test("a data folder where none can be made", async () => {
    const env = { ...environmentOf("/proc/foo", ports) };
    const { code, errors } = await sunledger(["start", "--demo"], env);

    expect([code, errors]).toEqual([
      1,
      "Cannot write in the data folder /proc/foo (it cannot be made there): " +
        "make it writable for this user or choose another with SUNLEDGER_DATA_DIR.\n",
    ]);
  });

  test("a busy port of a simulated device", async () => {
    await occupy(ports.simulators + 7);
    const { code, errors } = await start();

    expect(code).toBe(1);
    expect(errors).toContain(`Port ${ports.simulators + 7} on 127.0.0.1`);
    expect(errors).toContain("SUNLEDGER_SIMULATOR_PORT");
    expectNothingStarted();
  });

  test("a data folder that cannot be written", async () => {
    writeFileSync(dataDir, "a file, where a folder should be");
    const { code, errors } = await start();

    expect(code).toBe(1);
    expect(errors.trim()).toBe(
      `Cannot write in the data folder ${dataDir} (a file is in its place): ` +
        "make it writable for this user or choose another with SUNLEDGER_DATA_DIR.",
    );
  });

  test("wrong settings, all of them named", async () => {
    const { code, errors } = await start({
      SUNLEDGER_HTTP_PORT: "eighty",
      SUNLEDGER_DATABASE_URL: "mysql://localhost/x",
    });

    expect(code).toBe(1);
    expect(errors).toBe(
      "✖ SUNLEDGER_HTTP_PORT is not a number\n" +
        "✖ SUNLEDGER_DATABASE_URL is wrong: not a URL that begins with postgres:// or postgresql://\n",
    );
    expect(existsSync(dataDir)).toBe(false);
  });

  test("listeners that other machines could reach in the clear, all of them named", async () => {
    const everywhere = "0.0.0.0";
    const { code, errors } = await start({
      SUNLEDGER_HTTP_HOST: everywhere,
      SUNLEDGER_MQTT_HOST: everywhere,
      SUNLEDGER_SIMULATOR_HOST: everywhere,
    });

    expect(code).toBe(1);
    expect(errors).toMatch(/SUNLEDGER_HTTP_HOST is .* published/);
    expect(errors).toMatch(/SUNLEDGER_SIMULATOR_HOST is .* Modbus/);
    expect(errors).toMatch(/SUNLEDGER_MQTT_HOST is .* SUNLEDGER_MQTT_TLS_CERT/);
    expect(existsSync(dataDir)).toBe(false);
  });

  test("a broker that is not there", async () => {
    const url = `mqtt://127.0.0.1:${ports.mqtt}`;
    const { code, output, errors } = await start({ SUNLEDGER_MQTT_URL: url });

    expect(code).toBe(1);
    expect(errors.trim()).toBe(
      `Cannot use the broker at 127.0.0.1:${ports.mqtt} (it refuses connections): start it, or ` +
        "check SUNLEDGER_MQTT_URL.",
    );
    expect(output).not.toContain("Ready");
    expectNothingStarted(true);
  });

  test("a database that does not answer", async () => {
    const url = `postgres://sunledger@127.0.0.1:${ports.mqtt}/sunledger`;
    const { code, errors } = await start({ SUNLEDGER_DATABASE_URL: url });

    expect(code).toBe(1);
    expect(errors).toMatch(/^Cannot use the database sunledger on 127\.0\.0\.1:\d+ \(.*\): check /);
    expect(errors).not.toContain("    at ");
    expectNothingStarted();
  });
});

describe("a command that ends by itself says one clear sentence when it cannot", () => {
  test("without the database that was named", async () => {
    const env = {
      SUNLEDGER_DATABASE_URL: `postgres://sunledger@127.0.0.1:${ports.mqtt}/sunledger`,
    };
    const range = ["--from", "2026-01-01T00:00Z", "--to", "2026-01-02T00:00Z"];
    const frames = ["export", "frames", "--device", "a/b", ...range, "--organisation", "Sunledger"];

    for (const command of [["migrate"], frames]) {
      const { code, output, errors } = await run(command, env);
      expect([code, errors]).toEqual([1, output]);
      expect(errors).toMatch(
        /^Cannot use the database sunledger on 127\.0\.0\.1:\d+ \(.*\): check .*\.\n$/,
      );
    }
  });

  test("without a house to drive or to replay to", async () => {
    const driving = ["simulate", "--scenario", "simulators/scenarios/demo.yaml", "--speed", "10"];
    const nowhere = await run(driving);
    const dead = await run(driving, { SUNLEDGER_MQTT_URL: `mqtt://127.0.0.1:${ports.mqtt}` });
    const replay = await run(["replay", "trace.csv", "--map", "map.yaml"]);

    expect([nowhere.code, nowhere.output]).toEqual([
      1,
      `--speed drives a house's clock, and none runs on ${dataDir}: start one with ` +
        '"sunledger start --clock driven", or leave --speed out.\n',
    ]);
    expect([dead.code, dead.output]).toEqual([
      1,
      expect.stringMatching(
        /^--speed .* cannot be used \(it refuses connections\): start one .*\n$/,
      ),
    ]);
    expect([replay.code, replay.output]).toEqual([
      1,
      expect.stringMatching(/^No house runs on .*\n$/),
    ]);
  });

  test("for a value that is below what can be", async () => {
    const scan = await run(["scan", `tcp://127.0.0.1:${ports.mqtt}?unit=1`, "--timeout", "-5"]);
    const scenario = "simulators/scenarios/demo.yaml";
    const simulate = await run(["simulate", "--scenario", scenario, "--speed", "-1"]);

    expect([scan.code, scan.output]).toEqual([1, "-5 are no milliseconds\n"]);
    expect(simulate.code).toBe(1);
    expect(simulate.output).toContain("'-1' is invalid. Write a number above 0.");
  });

  test("without an installation to export from", async () => {
    const range = ["--from", "2026-01-01T00:00Z", "--to", "2026-01-02T00:00Z"];
    const { code, output } = await run(["export", "frames", "--device", "a/b", ...range]);

    expect([code, output]).toEqual([
      1,
      expect.stringMatching(/^There is no installation in .*\n$/),
    ]);
  });

  test("without a gateway's file and its other settings, all of them named", async () => {
    const { code, output } = await run(["gateway", "--config", join(base, "none.yaml")], {
      SUNLEDGER_GATEWAY_SECRET: "",
      SUNLEDGER_OUTBOX_DIR: "",
    });

    expect(code).toBe(1);
    expect(output).toContain(`there is no file ${join(base, "none.yaml")}`);
    expect(output).toContain("SUNLEDGER_GATEWAY_SECRET is empty");
    expect(output).toContain("SUNLEDGER_OUTBOX_DIR is empty");
  });

  test("from a device that is not there", async () => {
    const { code, output } = await run(["scan", `tcp://127.0.0.1:${ports.mqtt}?unit=1`]);

    expect([code, output]).toEqual([
      1,
      expect.stringMatching(/^tcp:.* the connection was refused\n$/),
    ]);
  });
});

function run(command: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return sunledger(command, { ...environmentOf(dataDir, ports), ...env });
}

function start(env: Readonly<Record<string, string>> = {}) {
  return sunledger(["start", "--demo"], { ...environmentOf(dataDir, ports), ...env });
}

/** Only a broker that was named may have been told of the secrets that the data folder keeps. */
function expectNothingStarted(brokerWasNamed = false): void {
  expect(existsSync(join(dataDir, "run", "programs.json"))).toBe(false);
  expect(existsSync(join(dataDir, "postgres"))).toBe(false);
  expect(existsSync(join(dataDir, "logs")) && readdirSync(join(dataDir, "logs"))).toEqual(
    brokerWasNamed ? [] : false,
  );
}

async function occupy(...wanted: number[]): Promise<void> {
  for (const port of wanted) {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    others.push(server);
  }
}
