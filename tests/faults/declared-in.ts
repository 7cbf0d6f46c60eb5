import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestedFile } from "./last-results.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** How many tests a file declares, each table of cases and each call of a contract counted once. */
export function declaredIn(file: string): number {
  const text = readFileSync(join(root, file), "utf8");
  const declarations = /^\s*(?:(?:test|it)(?:\.\w+)*\s*[(<`]|\w+Contract\()/gm;
  return [...text.matchAll(declarations)].length;
}

/** Whether a file has tests of which the result says nothing. */
export function isStale(file: string, result: TestedFile | undefined): boolean {
  return result?.declared !== declaredIn(file);
}
