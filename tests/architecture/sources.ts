import { globSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** A file by its path from the root, without its comments. */
export type Source = { readonly file: string; readonly code: string };

export function sources(...patterns: string[]): Source[] {
  return globSync(patterns, {
    cwd: root,
    exclude: ["**/node_modules/**", "**/dist/**"],
  }).map((file) => ({ file, code: withoutComments(readFileSync(`${root}/${file}`, "utf8")) }));
}

/** Whether only tests run it. */
export function isForTests(file: string): boolean {
  return /\.(?:test|contract)\.[cm]?[jt]sx?$/.test(file) || file.includes("/testing/");
}

/** A string is kept as it is: a glob in it begins no comment. */
export function withoutComments(code: string): string {
  return code
    .replace(
      /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm,
      (_all, text?: string) => text ?? "",
    )
    .replace(/^\s*--.*$/gm, "");
}

const naming =
  /(?:\bfrom|\bimport|\b(?:import|require|resolve|mock|importActual|glob|URL)(?:<[^()]*>)?\s*\()\s*(["'`])(.+?)\1/g;

/** What a source names as another file or package, as it is written there. */
export function importsOf(code: string): string[] {
  return [...code.matchAll(naming)].map(([, , name = ""]) => name);
}

/** The path from the root that a relative import leads to; `undefined` where it is a package's name. */
export function placeOf(file: string, name: string): string | undefined {
  return /^\.\.?(?:\/|$)/.test(name) ? posix.join(posix.dirname(file), name) : undefined;
}
