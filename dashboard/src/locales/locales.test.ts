import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cataloguePoint } from "@sunledger/model/points";
import { describe, expect, test } from "vitest";

const here = import.meta.dirname;
const source = join(here, "..");

/** Subjects whose keys are data, not said in the sources. */
const catalogueSubject = "points";

const subjects = readdirSync(join(here, "en")).map((file) => file.replace(".json", ""));
const code = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.|\btesting\//.test(file))
  .map((file) => readFileSync(join(source, file), "utf8"))
  .join("\n");

describe("texts", () => {
  test("are there for the same subjects in both languages", () => {
    expect(readdirSync(join(here, "zh-CN")).sort()).toEqual(readdirSync(join(here, "en")).sort());
  });

  test.each(subjects)(
    "of %s have the same keys in both languages, and none is empty",
    (subject) => {
      const [en, zh] = [texts("en", subject), texts("zh-CN", subject)];

      expect(keysOf(zh)).toEqual(keysOf(en));
      expect(
        [...Object.values(en), ...Object.values(zh)].filter((text) => text.trim() === ""),
      ).toEqual([]);
    },
  );

  test.each(subjects)("of %s name the same variables in both languages", (subject) => {
    const zh = texts("zh-CN", subject);
    for (const [key, text] of Object.entries(texts("en", subject))) {
      if (key.endsWith("_one")) continue;
      expect([key, variablesOf(zh[key] ?? "")]).toEqual([key, variablesOf(text)]);
    }
  });

  test.each(subjects.filter((subject) => subject !== catalogueSubject))(
    "of %s are all used",
    (subject) => {
      const unused = keysOf(texts("en", subject)).filter((key) => !isUsed(`${subject}:${key}`));

      expect(unused).toEqual([]);
    },
  );

  test("are there for everything the sources say", () => {
    const known = new Set(
      subjects.flatMap((name) => keysOf(texts("en", name)).map((key) => `${name}:${key}`)),
    );

    expect([...saidKeys()].filter((key) => !known.has(key))).toEqual([]);
  });

  test("of points name points and families of the catalogue", () => {
    const unknown = keysOf(texts("en", catalogueSubject)).filter(
      (key) => !cataloguePoint(key.replaceAll("#", "1")),
    );

    expect(unknown).toEqual([]);
  });
});

function texts(language: string, subject: string): Record<string, string> {
  return JSON.parse(readFileSync(join(here, language, `${subject}.json`), "utf8"));
}

/** Keys without the ending of their plural form, of which Chinese has one. */
function keysOf(of: Record<string, string>): string[] {
  return [...new Set(Object.keys(of).map((key) => key.replace(/_(one|other)$/, "")))].sort();
}

function variablesOf(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = ""]) => name).sort();
}

function saidKeys(): Set<string> {
  const said = [...code.matchAll(/["'`]([a-z]+:[a-zA-Z0-9.]+)["'`]/g)].map(([, key = ""]) => key);
  return new Set(said.filter((key) => subjects.includes(key.split(":")[0] ?? "")));
}

function isUsed(key: string): boolean {
  if (saidKeys().has(key)) return true;
  const begun = [...code.matchAll(/`([a-z]+:[a-zA-Z0-9.]*)\$\{/g)].map(([, begin = ""]) => begin);
  return begun.some((begin) => key.startsWith(begin) && begin.includes("."));
}
