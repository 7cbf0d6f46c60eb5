import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import * as z from "zod";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const Found = z.object({
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
});

/** What axe finds wrong with a page, a rule and its places a text. */
export async function violationsOn(page: Page): Promise<string[]> {
  const found = await page.evaluate(`(() => {
    ${axe}
    return window.axe.run(document, { resultTypes: ["violations"] });
  })()`);
  return Found.parse(found).violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`,
  );
}
