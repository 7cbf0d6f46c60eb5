import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProfilePoint } from "@sunledger/model/profile";
import { afterEach, describe, expect, test } from "vitest";
import { loadSunspecModels, sunspecPointNames } from "../sunspec/models.ts";
import { judgedProfiles, loadProfiles, ProfileError } from "./load-profiles.ts";

const sunspec = sunspecPointNames(loadSunspecModels());
type Write = NonNullable<ProfilePoint["write"]>;
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe("device profiles", () => {
  const profiles = loadProfiles({ sunspec });

  test("every shipped one is sound, in shape and in what it refers to", () => {
    expect(profiles.size).toBe(27);
  });

  test("what no source bounds is known: the gateway's own file has to", () => {
    const isBounded = ({ min, max, maxFrom, allowed, bits }: Write) =>
      allowed || bits || (typeof min === "number" && (typeof max === "number" || maxFrom));
    const unbounded = [...profiles.values()].flatMap(({ id, points }) =>
      points.flatMap(({ name, write }) => (write && !isBounded(write) ? [`${id} ${name}`] : [])),
    );
    expect(unbounded.sort()).toEqual([
      "fronius setpoint.battery.power.max",
      "huawei-smartlogger setpoint.activePower.watts",
      "huawei-sun2000 setpoint.export.watts",
      "solaredge setpoint.battery.power.max",
      "solaredge setpoint.export.watts",
      "sunspec setpoint.battery.power.max",
    ]);
  });

  test("one that extends another has its points and tables too", () => {
    const generic = profiles.get("sunspec");
    const solaredge = profiles.get("solaredge");
    const names = new Set(solaredge?.points.map(({ name }) => name));

    expect(generic?.points.every(({ name }) => names.has(name))).toBe(true);
    expect(solaredge?.enums).toMatchObject({ operatingState: {}, vendorStatus: {} });
    expect(solaredge?.points.filter(({ name }) => name === "state.vendor")).toHaveLength(1);
    expect(solaredge?.sunspec).toMatchObject({
      baseAddresses: [40_000],
      preference: generic?.sunspec?.preference,
    });
  });

  test("the version changes with the content", () => {
    const versions = new Set([...profiles.values()].map(({ version }) => version));

    expect(versions.size).toBe(profiles.size);
  });

  test("an installation adds its own and replaces shipped ones", () => {
    const own = { ...bare("roof-meter"), extends: "eastron-sdm630" };
    const folder = folderWith({ "roof-meter.json": own });
    const more = loadProfiles({ sunspec, folder });

    expect(more.size).toBe(28);
    expect(more.get("roof-meter")?.points).toEqual(more.get("eastron-sdm630")?.points);
  });

  test("every fault of every file is named", () => {
    const folder = folderWith({
      "one.json": { ...bare("two"), limits: {} },
      "three.json": { ...bare("three"), extends: "nowhere" },
      "four.json": bare("five"),
      "six.json": "{",
    });

    const error = failureOf(() => loadProfiles({ sunspec, folder }));

    expect(error).toBeInstanceOf(ProfileError);
    expect(error.message).toMatch(/one\.json: .*maxRegistersPerRead/);
    expect(error.message).toMatch(/three\.json: extends: extends an unknown profile: nowhere/);
    expect(error.message).toMatch(/four\.json: id does not equal the file name/);
    expect(error.message).toMatch(/six\.json: SyntaxError/);
  });

  test("each fault stands on a line of its own and names its point, in drafts too", () => {
    const point = { name: "foo.bar", kind: "holding", address: 70_000, type: "uint16" };
    const draft = { ...bare("draft"), points: [{ ...point, unit: "W", poll: "fast", src: [] }] };
    const folder = folderWith({ "draft.json": { ...draft, limits: {} } });

    const { profiles, faults } = judgedProfiles({ sunspec, folder });

    expect(faults).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^draft\.json: limits\.maxRegistersPerRead: /),
        expect.stringMatching(/^draft\.json: point 0 foo\.bar address: /),
        "draft.json: point 0 foo.bar: not in the catalogue",
      ]),
    );
    expect(faults.join()).not.toContain("\n");
    expect(profiles.has("sunspec")).toBe(true);
  });

  test("a folder that is not there is said so", () => {
    expect(() => loadProfiles({ sunspec, folder: "/nowhere/at/all" })).toThrow(ProfileError);
  });
});

function bare(id: string) {
  return {
    format: 1,
    id,
    vendor: "Maker",
    family: "Family",
    kind: "meter",
    protocol: "modbus",
    models: ["*"],
    verification: { level: "unverified", note: "" },
    sources: [{ id: "manual", kind: "manual", title: "Manual" }],
    transport: { unit: { default: 1 } },
    limits: { maxRegistersPerRead: 50 },
    points: [],
  };
}

function folderWith(files: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), "profiles-"));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function failureOf(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("it did not fail");
}
