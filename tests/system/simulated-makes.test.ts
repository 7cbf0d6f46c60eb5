import { afterAll, beforeAll, expect, test } from "vitest";
import { loadProfiles } from "../../gateway/src/profiles/load-profiles.ts";
import { type ScannedDevice, scanDevice } from "../../gateway/src/scan/scan-device.ts";
import { loadSunspecModels, sunspecPointNames } from "../../gateway/src/sunspec/models.ts";
import {
  type EveryMake,
  type Meant,
  makes,
  type ServedMake,
  startEveryMake,
} from "../support/every-make.ts";

const models = loadSunspecModels();
const profiles = loadProfiles({ sunspec: sunspecPointNames(models) });
let every: EveryMake;

beforeAll(async () => {
  every = await startEveryMake();
});
afterAll(() => every?.stop());

test.each(makes)("as %s, %s: its profile finds what the simulator means", async (kind, profile) => {
  const device = served(kind, profile);
  const found = await read(device);

  expect(contradictions(found, device.meant)).toEqual([]);
  expect(unread(found, device.meant)).toEqual([]);
  expect(found.points.filter(({ flag }) => flag === "failed")).toEqual([]);
});

test.each(makes.filter(([kind]) => kind === "logger"))(
  "as %s, %s: those behind it mean the same on its line",
  async (kind, profile) => {
    const { behind, port } = served(kind, profile);
    const found = await Promise.all(
      behind.map(async (device, place) =>
        contradictions(await read(device, { port, unit: place + 1 }), device.meant),
      ),
    );

    expect(behind.length).toBeGreaterThan(0);
    expect(found.flat()).toEqual([]);
  },
);

test("as a combiner box: the profile finds each string that the simulator means", async () => {
  const box = every.devices.findLast(({ profile }) => profile === "sunspec");
  if (!box) throw new Error("no combiner box is simulated");
  const found = await read(box);

  expect(box.meant.get("dc.string.8.current")).toBeGreaterThan(1);
  expect(contradictions(found, box.meant)).toEqual([]);
  expect(unread(found, box.meant)).toEqual([]);
});

/** What a scan cannot tell: meters of one map, and what has neither identity nor mains. */
const alike = new Map([["carlogavazzi-em340", "carlogavazzi-em24-e1"]]);
const unknown = new Set([
  ...["huawei-smartlogger", "huawei-smartlogger-meter", "huawei-smartlogger-emi"],
  ...["imt-si-rs485", "kippzonen-smp", "lufft-ws", "tuf-2000m"],
]);

test.each(makes.filter(([, profile]) => !unknown.has(profile)))(
  "as %s, %s: a scan takes it for what it is",
  async (kind, profile) => {
    const { devices } = await scan(served(kind, profile));

    expect(devices.map((found) => [found.kind, found.profile])).toEqual([
      [kind, alike.get(profile) ?? profile],
    ]);
  },
);

test("every shipped profile can be simulated", () => {
  const simulated = new Set(makes.map(([, profile]) => profile));

  expect([...profiles.keys()].filter((id) => !simulated.has(id))).toEqual([]);
});

function served(kind: string, profile: string): ServedMake {
  const device = every.devices.find((one) => one.kind === kind && one.profile === profile);
  if (!device) throw new Error(`${profile} is not simulated as ${kind}`);
  return device;
}

/** The device as the gateway reads it by its profile. */
async function read(device: ServedMake, line: Line = device): Promise<ScannedDevice> {
  const { devices } = await scan(line, device.profile);
  const [found] = devices;
  if (!found) throw new Error(`the profile ${device.profile} has found no device`);
  return found;
}

type Line = Pick<ServedMake, "port" | "unit">;

function scan({ port, unit }: Line, profile?: string) {
  const quiet = () => undefined;
  return scanDevice({
    ...{ url: `tcp://127.0.0.1:${port}?unit=${unit}`, profiles, models, clock: every.clock },
    ...(profile !== undefined && { profile }),
    log: { debug: quiet, info: quiet, warn: quiet },
    signal: new AbortController().signal,
  });
}

/** Points that the gateway read otherwise than the simulator shows them. */
function contradictions({ points, texts }: ScannedDevice, meant: Meant): string[] {
  const all: [string, unknown][] = [
    ...points.map(({ point, value }): [string, unknown] => [point, value]),
    // Some makers write their identity as numbers.
    ...Object.entries(texts).map(([point, text]): [string, unknown] => [
      point,
      typeof meant.get(point) === "number" ? Number(text) : text,
    ]),
  ];
  return all
    .filter(([point, value]) => meant.has(point) && !isSame(value, meant.get(point)))
    .map(([point, value]) => `${point}: read ${value}, meant ${meant.get(point)}`);
}

/** Points with a value that the gateway did not read at all. */
function unread({ points, texts }: ScannedDevice, meant: Meant): string[] {
  const all = new Set([...points.map(({ point }) => point), ...Object.keys(texts)]);
  return [...meant].flatMap(([point, value]) => (value === null || all.has(point) ? [] : [point]));
}

/** Decimals of floats and transformer ratios may differ in the last digits. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== "number" || typeof other !== "number") return Object.is(one, other);
  return Math.abs(one - other) <= 1e-6 * Math.max(1, Math.abs(other));
}
