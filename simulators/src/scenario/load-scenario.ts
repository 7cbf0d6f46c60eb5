import { readFile } from "node:fs/promises";
import { ConfigError } from "@sunledger/runtime";
import { parse } from "yaml";
import * as z from "zod";
import { Scenario } from "./scenario.ts";

/** Reads a scenario file, or says everything that is wrong with it. */
export async function loadScenario(path: string): Promise<Scenario> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new ConfigError(`the scenario ${path} cannot be read`, { cause });
  });
  const result = Scenario.safeParse(parsed(text, path));
  if (result.success) return result.data;
  throw new ConfigError(`the scenario ${path} cannot be used:\n${z.prettifyError(result.error)}`);
}

function parsed(text: string, path: string): unknown {
  try {
    // A fleet is one plant many times, with `<<`.
    return parse(text, { merge: true, maxAliasCount: 1_000 });
  } catch (cause) {
    throw new ConfigError(`the scenario ${path} is not YAML: ${String(cause)}`, { cause });
  }
}
