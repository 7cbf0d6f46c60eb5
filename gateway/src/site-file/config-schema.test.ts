import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { configSchemaText, schemaAt } from "./config-schema.ts";

describe("the JSON Schema of a gateway's file", () => {
  test("is published as it is; else: npx sunledger gateway --print-schema", () => {
    const file = new URL("../../config.schema.generated.json", import.meta.url);

    expect(readFileSync(file, "utf8")).toBe(configSchemaText());
  });

  test("says of every key what it is for", () => {
    const keys = [["id"], ["poll", "fastMs"], ["devices"], ["devices", 3, "url"]];

    for (const path of keys) expect(schemaAt(path)?.description).toMatch(/\w{3}/);
    expect(schemaAt(["devices", 0, "none"])).toBeUndefined();
  });
});
