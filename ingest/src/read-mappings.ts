import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InputMapping } from "@sunledger/model/inputs";
import { ConfigError } from "@sunledger/runtime";
import type * as z from "zod";

/** The mapping documents of a folder, in the order of their names. Throws every fault at once, each with its place. */
export function readMappings(folder: string): readonly InputMapping[] {
  const faults: string[] = [];
  const mappings = namesIn(folder).flatMap((name) => {
    const file = join(folder, name);
    const parsed = InputMapping.safeParse(contentOf(file, faults));
    if (parsed.success) return [parsed.data];
    faults.push(...parsed.error.issues.map((issue) => `${file}: ${told(issue)}`));
    return [];
  });
  if (faults.length === 0) return mappings;
  throw new ConfigError(faults.map((fault) => `✖ ${fault}`).join("\n"));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .sort();
  } catch (cause) {
    throw new ConfigError(`SUNLEDGER_INPUT_DIR: cannot read ${folder}`, { cause });
  }
}

/** `undefined`, which no schema takes, where it is no JSON. */
function contentOf(file: string, faults: string[]): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    faults.push(`${file}: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

function told({ path, message }: z.core.$ZodIssue): string {
  return path.length > 0 ? `${path.join(" › ")}: ${message}` : message;
}
