import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readMappings } from "./read-mappings.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sunledger-inputs-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

const sound = {
  ...{ format: "lineProtocol", gateway: "field", measurement: "modbus", deviceTag: "name" },
  values: { power: { point: "ac.power.active", unit: "kW" } },
};

function write(name: string, content: unknown) {
  writeFileSync(
    join(folder, name),
    typeof content === "string" ? content : JSON.stringify(content),
  );
}

test("the documents of a folder are read in the order of their names", () => {
  write("b.json", { ...sound, measurement: "second" });
  write("a.json", sound);
  write("README.md", "no document");

  expect(readMappings(folder)).toMatchObject([
    { measurement: "modbus" },
    { measurement: "second" },
  ]);
});

test("every fault of every document is told at once, with its place", () => {
  write("a.json", { ...sound, gateway: "_own", values: { power: { point: "ac.power.actve" } } });
  write("b.json", "{");
  write("c.json", { ...sound, format: "xml" });

  const faults = faultsOf();
  expect(faults).toContain(`${join(folder, "a.json")}: gateway: `);
  expect(faults).toContain(
    "a.json: values › power › point: the catalogue has no point ac.power.actve",
  );
  expect(faults).toMatch(/b\.json: .*JSON/);
  expect(faults).toMatch(/c\.json: format: /);
});

const device = {
  ...{ format: "json", gateway: "field-a", topic: "shellies/{device}/status" },
  values: { "/p": { point: "ac.power.active" } },
};

test.each([
  ["shellies/{device}/status", "shellies/{device}/status"],
  ["shellies/{device}/status", "shellies/+/{device}"],
  ["shellies/A1/{device}", "shellies/{device}/status"],
])("two gateways cannot share the topic %s with %s", (one, other) => {
  write("a.json", { ...device, topic: one });
  write("b.json", { ...device, gateway: "field-b", topic: other });

  expect(faultsOf()).toContain(
    `${join(folder, "b.json")}: topic: ${other} takes messages of field-a in ${join(folder, "a.json")} too`,
  );
});

test("one gateway may have several documents for a topic, and others their own topics", () => {
  write("a.json", device);
  write("b.json", { ...device, topic: "shellies/+/{device}" });
  write("c.json", { ...device, gateway: "field-b", topic: "shellies/{device}/info/x" });
  write("d.json", { ...device, gateway: "field-b", topic: "meters/{device}/status" });

  expect(readMappings(folder)).toHaveLength(4);
});

test("a folder that is not there is one sentence", () => {
  expect(() => readMappings(join(folder, "none"))).toThrow("SUNLEDGER_INPUT_DIR: cannot read");
});

function faultsOf(): string {
  try {
    readMappings(folder);
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  throw new Error("no fault was found");
}
