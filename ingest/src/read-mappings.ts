import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InputMapping, type JsonMapping } from "@sunledger/model/inputs";
import { ConfigError } from "@sunledger/runtime";
import type * as z from "zod";

/**
 * The mapping documents of a folder, in the order of their names. Throws every fault at once, each with its place:
 * also topics that two gateways would publish to, as the topic alone says whose values they are.
 */
export function readMappings(folder: string): readonly InputMapping[] {
  const faults: string[] = [];
  const mappings = namesIn(folder).flatMap((name) => {
    const file = join(folder, name);
    const parsed = InputMapping.safeParse(contentOf(file, faults));
    if (parsed.success) return [{ file, mapping: parsed.data }];
    faults.push(...parsed.error.issues.map((issue) => `${file}: ${told(issue)}`));
    return [];
  });
  faults.push(...sharedTopics(mappings));
  if (faults.length === 0) return mappings.map(({ mapping }) => mapping);
  throw new ConfigError(faults.map((fault) => `✖ ${fault}`).join("\n"));
}

function sharedTopics(
  read: readonly { readonly file: string; readonly mapping: InputMapping }[],
): string[] {
  const topics: { readonly file: string; readonly mapping: JsonMapping }[] = [];
  const faults: string[] = [];
  for (const { file, mapping } of read) {
    if (mapping.format !== "json") continue;
    const other = topics.find(
      (one) => one.mapping.gateway !== mapping.gateway && overlap(one.mapping, mapping),
    );
    if (other) {
      const whose = `${other.mapping.gateway} in ${other.file}`;
      faults.push(`${file}: topic: ${mapping.topic} takes messages of ${whose} too`);
    }
    topics.push({ file, mapping });
  }
  return faults;
}

/** Whether there is a topic that fits both. */
function overlap(a: JsonMapping, b: JsonMapping): boolean {
  const [levels, others] = [a.topic.split("/"), b.topic.split("/")];
  const isAny = (level: string | undefined) => level === "+" || level === "{device}";
  return (
    levels.length === others.length &&
    levels.every((level, i) => level === others[i] || isAny(level) || isAny(others[i]))
  );
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
