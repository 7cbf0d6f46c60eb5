import { parseArgs } from "node:util";
import { filterOf, type InputMapping, inputSchemaText } from "@sunledger/model/inputs";
import { ConfigError } from "@sunledger/runtime";
import { readMappings } from "../read-mappings.ts";

process.exitCode = check();

/** Says what the mapping documents of a folder come to, or every fault of theirs. */
function check(): number {
  const { values, positionals } = parseArgs({
    options: { "print-schema": { type: "boolean" } },
    allowPositionals: true,
  });
  if (values["print-schema"]) {
    process.stdout.write(inputSchemaText());
    return 0;
  }
  try {
    const mappings = readMappings(positionals[0] ?? ".");
    process.stdout.write(mappings.map((one) => `${lineOf(one)}\n`).join("") || "No document.\n");
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function lineOf(mapping: InputMapping): string {
  const what =
    mapping.format === "json"
      ? `JSON on ${filterOf(mapping)}`
      : `line protocol of measurement ${mapping.measurement}`;
  const points = Object.values(mapping.values).map(({ point }) => point);
  return `${mapping.gateway}: ${what}: ${points.join(", ")}`;
}
