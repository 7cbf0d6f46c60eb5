import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { importsOf, isForTests, placeOf, root, sources } from "./sources.ts";

type Subjects = Readonly<Record<string, readonly string[]>>;

/**
 * Which subjects of a program may use which; each uses only such as stand before it, so that there is
 * no circle.
 */
const programs: Readonly<Record<string, Subjects>> = {
  "packages/model": {
    telemetry: [],
    plant: ["telemetry"],
    inputs: ["telemetry"],
    performance: [],
    api: ["telemetry", "plant"],
  },
  "packages/store": {
    embedded: [],
    packing: [],
    frames: ["packing"],
    records: [],
    lease: [],
    backup: ["embedded"],
  },
  "packages/cli": {
    start: [],
    database: ["start"],
    export: [],
    backup: ["start"],
    replay: ["start"],
    quarantine: [],
    simulate: ["start"],
    doctor: ["start", "database"],
    commands: [
      ...["start", "database", "export", "backup", "replay", "quarantine", "simulate", "doctor"],
    ],
  },
  gateway: {
    modbus: [],
    proxy: ["modbus"],
    profiles: ["modbus"],
    sunspec: ["modbus"],
    polling: ["modbus", "proxy", "profiles", "sunspec"],
    timekeeping: [],
    outbox: ["polling", "timekeeping"],
    delivery: ["timekeeping", "outbox"],
    metrics: ["polling"],
    watchdog: [],
    "site-file": ["modbus", "proxy", "profiles", "polling"],
    check: ["profiles", "sunspec", "polling", "site-file"],
    scan: ["modbus", "profiles", "sunspec", "polling"],
    configuration: ["polling", "profiles", "site-file"],
    commands: ["modbus", "proxy", "profiles", "sunspec", "polling", "outbox", "scan"],
  },
  ingest: {
    broker: [],
    gateways: [],
    accept: ["gateways"],
    commit: ["gateways", "accept"],
    inputs: ["accept"],
    packing: [],
    rollups: [],
  },
  api: {
    health: [],
    site: [],
    identity: [],
    frames: [],
    audit: ["identity"],
    conditions: ["identity"],
    devices: ["identity", "frames"],
    plants: ["identity", "frames", "devices"],
    search: ["identity"],
    profiles: [],
    commands: ["identity", "audit", "devices", "profiles"],
    gateways: ["identity", "audit", "devices", "commands"],
    rollouts: ["identity", "audit", "devices", "commands", "gateways"],
    imports: ["identity", "profiles"],
    replacements: ["identity", "audit", "devices"],
    live: ["identity", "devices", "plants"],
  },
  dashboard: {
    live: [],
    kit: ["live"],
    points: ["kit"],
    orders: ["live", "kit"],
    devices: ["live", "kit", "points", "orders"],
    plants: ["live", "kit", "points"],
    admin: ["live", "kit", "points", "orders", "devices", "plants"],
  },
  simulators: {
    weather: [],
    registers: [],
    sender: [],
    faults: ["weather"],
    scenario: ["faults"],
    plant: ["weather", "faults", "scenario"],
    ledger: ["registers"],
    modbus: ["registers", "faults"],
    acrel: ["registers"],
    "carlo-gavazzi": ["registers"],
    chint: ["registers"],
    eastron: ["registers"],
    goodwe: ["registers", "plant"],
    growatt: ["registers", "plant"],
    huawei: ["registers", "plant"],
    imt: ["registers"],
    "kipp-zonen": ["registers"],
    lufft: ["registers"],
    schneider: ["registers"],
    sma: ["registers", "plant"],
    solis: ["registers", "plant"],
    sungrow: ["registers", "plant"],
    tuf: ["registers"],
    sunspec: ["registers", "plant"],
    fronius: ["plant", "registers", "sunspec"],
    solaredge: ["registers", "plant", "sunspec"],
    device: [
      ...["registers", "scenario", "plant"],
      ...["acrel", "carlo-gavazzi", "chint", "eastron", "fronius", "goodwe", "growatt", "huawei"],
      ...["imt", "kipp-zonen", "lufft", "schneider", "sma", "solaredge", "solis", "sungrow"],
      ...["sunspec", "tuf"],
    ],
    history: ["registers", "sender", "scenario", "plant", "device"],
    replay: ["sender", "scenario"],
  },
};

/** No subjects: what surrounds the screens, which knows them all and is known to all, and their texts. */
const around: Readonly<Record<string, readonly string[]>> = { dashboard: ["app", "locales"] };

test.each(Object.entries(programs))("the subjects of %s are in order", (program, subjects) => {
  const names = Object.keys(subjects);
  const folders = readdirSync(`${root}/${program}/src`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => isSubject(program, name));

  expect([...folders].sort()).toEqual([...names].sort());
  for (const [name, used] of Object.entries(subjects)) {
    expect(names.slice(0, names.indexOf(name)), name).toEqual(expect.arrayContaining([...used]));
  }
});

test.each(Object.entries(programs))(
  "a subject of %s uses only what it may",
  (program, subjects) => {
    const arrows = Object.keys(subjects).flatMap((subject) =>
      usedBy(program, subject).map((used) => `${subject} -> ${used}`),
    );
    const allowed = Object.entries(subjects).flatMap(([subject, those]) =>
      those.map((used) => `${subject} -> ${used}`),
    );

    expect(arrows.sort()).toEqual(allowed.sort());
  },
);

function isSubject(program: string, folder: string): boolean {
  return folder !== "testing" && !around[program]?.includes(folder);
}

/** The other subjects that one uses, also by way of a file that stands beside the subjects. */
function usedBy(program: string, subject: string): string[] {
  const src = `${program}/src/`;
  const files = new Map(
    sources(`${src}**/*.{ts,tsx}`)
      .filter(({ file }) => !isForTests(file))
      .map((source) => [source.file, source.code]),
  );
  const used = new Set<string>();
  const seen = new Set<string>();
  const follow = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const name of importsOf(files.get(file) ?? "")) {
      const place = placeOf(file, name);
      if (!place?.startsWith(src)) continue;
      const [folder = "", ...rest] = place.slice(src.length).split("/");
      if (rest.length === 0) follow(place);
      else if (folder !== subject && isSubject(program, folder)) used.add(folder);
    }
  };
  for (const file of files.keys()) if (file.startsWith(`${src}${subject}/`)) follow(file);
  return [...used];
}
