import { watch } from "node:fs";
import { fileURLToPath } from "node:url";
import { workspace } from "../programs.ts";
import type { Plan, Supervised } from "./supervised.ts";

const shared = ["packages/model", "packages/runtime", "packages/store"];
const settleMs = 200;

/** Starts a program anew when its sources change, and all of them when those of a shared package do. */
export function watchSources(
  programs: readonly { readonly plan: Plan; readonly supervised: Supervised }[],
  signal: AbortSignal,
): void {
  const owners = new Map<string, Supervised[]>();
  for (const { plan, supervised } of programs) {
    if (plan.once) continue;
    for (const folder of [topFolder(plan.file), ...shared]) {
      owners.set(folder, [...(owners.get(folder) ?? []), supervised]);
    }
  }
  for (const [folder, affected] of owners) {
    let settling: NodeJS.Timeout | undefined;
    const sources = fileURLToPath(new URL(`${folder}/src`, workspace));
    watch(sources, { recursive: true, signal }, (_event, file) => {
      if (!file || !/\.(ts|json|yaml)$/.test(file) || file.endsWith(".test.ts")) return;
      clearTimeout(settling);
      settling = setTimeout(() => {
        for (const program of affected) program.restart();
      }, settleMs);
    });
  }
}

function topFolder(file: string): string {
  const [folder = ""] = file.slice(fileURLToPath(workspace).length).split("/");
  return folder;
}
