import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lastResults } from "./last-results.ts";
import { renderReliability } from "./render-reliability.ts";

const page = join(fileURLToPath(new URL("../../", import.meta.url)), "docs/reliability.md");

/** Writes the page on reliability anew, by the last results that are kept. */
export function writePage(): void {
  writeFileSync(page, renderReliability(lastResults()));
}
