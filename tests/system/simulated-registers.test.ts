import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serveDevice } from "../../simulators/src/modbus/device-server.ts";
import { registerImage } from "../../simulators/src/registers/image.ts";
import { common } from "../../simulators/src/sunspec/common.ts";
import { sunspecTable } from "../../simulators/src/sunspec/layout.ts";
import { type EveryMake, type ServedMake, startEveryMake } from "../support/every-make.ts";

const run = promisify(execFile);
const bounded = { timeout: 20_000 };
/** Debian's packages live under the system's own interpreter, whichever is first on the path. */
const python = ["/usr/bin/python3", "python3"].find(
  (name) => spawnSync(name, ["-c", "import pymodbus.client"]).status === 0,
);
const hasMbpoll = !spawnSync("mbpoll", ["-V"]).error;
const hasToRun = process.env.CI === "true";
const script = fileURLToPath(new URL("../support/pymodbus-sunspec-conformity.py", import.meta.url));
const definitions = fileURLToPath(new URL("../../simulators/src/sunspec/models", import.meta.url));

let every: EveryMake;
beforeAll(async () => {
  every = await startEveryMake();
});
afterAll(() => every?.stop());

function served(profile: string, kind?: string): ServedMake {
  const found = every.devices.find(
    (device) => device.profile === profile && (kind ?? device.kind) === device.kind,
  );
  if (!found) throw new Error(`${profile} is not simulated`);
  return found;
}

/** The last of the library's plant with a device of each make. */
function combinerBox(): ServedMake {
  const found = every.devices.findLast(({ profile }) => profile === "sunspec");
  if (!found) throw new Error("no combiner box is simulated");
  return found;
}

describe.runIf(python !== undefined || hasToRun)("to pymodbus, by the alliance's rules,", () => {
  test.each<[string, string, number[]]>([
    ["inverter", "sunspec", [1, 103, 120, 160]],
    ["meter", "sunspec", [1, 203]],
    ["sensor", "sunspec", [1, 302, 303, 307]],
    ["battery", "sunspec", [1, 802]],
    ["combiner box", "sunspec", [1, 404]],
    ["inverter", "fronius", [1, 103, 120, 121, 122, 123, 160]],
    ["inverter", "solaredge", [1, 103]],
  ])("the simulated %s of profile %s conforms", async (kind, profile, models) => {
    const { port } = kind === "combiner box" ? combinerBox() : served(profile, kind);
    const { stdout } = await run(String(python), [script, String(port), "1", definitions], bounded);

    expect(JSON.parse(stdout)).toEqual({ models, problems: [] });
  });
});

/** How mbpoll is told what lies there: holding (4) or input (3) registers, and their type. */
type Told = {
  readonly as: string;
  readonly at: number;
  /** mbpoll takes the low word first, if it is not told otherwise. */
  readonly highWordFirst?: true;
  readonly point: string;
  /** Canonical units for each count. */
  readonly unit: number;
};

/** One or two registers of each make, in the words of its document. */
const told: Readonly<Record<string, readonly Told[]>> = {
  "huawei-sun2000": [
    { as: "4:int", at: 32_080, highWordFirst: true, point: "ac.power.active", unit: 1 },
    { as: "4", at: 32_085, point: "ac.frequency", unit: 0.01 },
  ],
  "sungrow-sg": [
    { as: "3:int", at: 5_030, point: "ac.power.active", unit: 1 },
    { as: "3", at: 5_018, point: "ac.voltage.an", unit: 0.1 },
    { as: "4", at: 5_007, point: "setpoint.activePower.percent", unit: 0.1 },
  ],
  "sma-inverter": [
    { as: "4:int", at: 30_775, highWordFirst: true, point: "ac.power.active", unit: 1 },
    { as: "4:int", at: 30_803, highWordFirst: true, point: "ac.frequency", unit: 0.01 },
  ],
  "goodwe-dt": [{ as: "4", at: 30_118, point: "ac.voltage.an", unit: 0.1 }],
  "goodwe-et": [
    { as: "4:int", at: 35_137, highWordFirst: true, point: "ac.power.active", unit: 1 },
  ],
  "growatt-tl3x": [
    { as: "3:int", at: 35, highWordFirst: true, point: "ac.power.active", unit: 0.1 },
  ],
  "growatt-tlx": [{ as: "3", at: 3_025, point: "ac.frequency", unit: 0.01 }],
  "solis-string": [
    { as: "3:int", at: 3_004, highWordFirst: true, point: "ac.power.active", unit: 1 },
  ],
  "eastron-sdm630": [
    { as: "3:float", at: 0x0034, highWordFirst: true, point: "ac.power.active", unit: 1 },
  ],
  "eastron-sdm120": [
    { as: "3:float", at: 0x0000, highWordFirst: true, point: "ac.voltage.an", unit: 1 },
  ],
  "chint-dtsu666": [
    { as: "4:float", at: 0x2006, highWordFirst: true, point: "ac.voltage.an", unit: 0.1 },
    // Behind transformers of 1000 A to 5 A.
    { as: "4:float", at: 0x2012, highWordFirst: true, point: "ac.power.active", unit: 0.1 * 200 },
  ],
  "carlogavazzi-em24": [{ as: "3:int", at: 0x28, point: "ac.power.active", unit: 0.1 }],
  "carlogavazzi-em24-e1": [
    { as: "3:int", at: 0x34, point: "ac.energy.import.total", unit: 100 },
    { as: "3", at: 0x0b, point: "id.typeCode", unit: 1 },
  ],
  "carlogavazzi-em340": [{ as: "3:int", at: 0x0c, point: "ac.current.a", unit: 0.001 }],
  "schneider-iem3155": [
    { as: "4:float", at: 3_059, highWordFirst: true, point: "ac.power.active", unit: 1_000 },
  ],
  "acrel-adl400": [
    { as: "4:float", at: 0x081a, highWordFirst: true, point: "ac.power.active", unit: 1_000 },
    { as: "4:int", at: 0x084c, highWordFirst: true, point: "ac.energy.import.total", unit: 100 },
  ],
  "huawei-smartlogger-meter": [
    { as: "4:int", at: 32_278, highWordFirst: true, point: "ac.power.active", unit: 1 },
  ],
  "tuf-2000m": [{ as: "4:float", at: 114, point: "fluid.volume.total", unit: 1 }],
  "imt-si-rs485": [{ as: "3", at: 0, point: "met.irradiance", unit: 0.1 }],
  "kippzonen-smp": [{ as: "3", at: 5, point: "met.irradiance", unit: 0.1 }],
  "lufft-ws": [{ as: "3", at: 31, point: "temp.ambient", unit: 0.1 }],
  "huawei-smartlogger-emi": [{ as: "4", at: 40_034, point: "temp.ambient", unit: 0.1 }],
  "huawei-smartlogger": [
    { as: "4:int", at: 40_525, highWordFirst: true, point: "ac.power.active", unit: 1 },
  ],
  "sungrow-logger": [{ as: "3:int", at: 8_073, point: "ac.energy.generated.today", unit: 100 }],
};

test.runIf(python !== undefined || hasToRun)(
  "a map that does not conform is found out by the same walk",
  async () => {
    const table = sunspecTable([
      common,
      { id: 103, points: { Hz: "ac.frequency" }, scales: { Hz_SF: 11 } },
    ]);
    const server = await serveDevice({
      ...{ host: "127.0.0.1", port: 0 },
      units: new Map([
        [
          1,
          {
            readBy: new Set([3 as const]),
            image: () => registerImage(table, { "ac.frequency": 5e12 }),
          },
        ],
      ]),
    });
    const { stdout } = await run(
      String(python),
      [script, String(server.port), "1", definitions],
      bounded,
    );
    await server.close();

    expect(JSON.parse(stdout).problems).toEqual(
      expect.arrayContaining([
        "1:Mn is mandatory and not implemented",
        "103:W is mandatory and not implemented",
        "103:Hz_SF is 11",
      ]),
    );
  },
);

describe.runIf(hasMbpoll || hasToRun)("to mbpoll", () => {
  test.each(
    Object.entries(told).flatMap(([profile, those]) =>
      those.map((one) => [profile, one.point, one] as const),
    ),
  )("%s shows its %s where its document says", async (profile, point, one) => {
    const device = served(profile);
    const { meant } = device;
    const { stdout } = await run("mbpoll", argumentsFor(device, one), bounded);
    const [, raw] = /^\[\d+\]:\s+(-?[\d.e+]+)/m.exec(stdout) ?? [];

    const value = Number(meant.get(point));
    expect(value).not.toBe(0);
    // mbpoll prints six digits of a float.
    expect((Number(raw) * one.unit) / value).toBeCloseTo(1, 4);
  });
});

function argumentsFor({ port, unit }: ServedMake, { as, at, highWordFirst }: Told): string[] {
  return [
    ...[
      "-m",
      "tcp",
      "-p",
      String(port),
      "-a",
      String(unit),
      "-t",
      as,
      "-0",
      "-r",
      String(at),
      "-c",
      "1",
    ],
    ...(highWordFirst ? ["-B"] : []),
    ...["-1", "-q", "127.0.0.1"],
  ];
}
