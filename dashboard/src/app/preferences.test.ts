import { describe, expect, test } from "vitest";
import {
  chosenBefore,
  forgetChosen,
  keepChosen,
  lookOf,
  rememberedLanguage,
  rememberLanguage,
} from "./preferences.ts";

const nothing = { language: null, theme: null };

describe("what the page is shown in", () => {
  test("is what was chosen before signing in, whatever the account keeps", () => {
    const stored = { language: "en", theme: "dark" } as const;

    expect(lookOf(stored, { language: "zh-CN", theme: "light" }, ["en-GB"])).toEqual({
      language: "zh-CN",
      theme: "light",
    });
    expect(lookOf(stored, { theme: "grey" }, ["zh-CN"])).toEqual({ language: "en", theme: "grey" });
  });

  test("is what the account keeps where nothing was chosen", () => {
    const stored = { language: "en", theme: "grey" } as const;

    expect(lookOf(stored, undefined, ["zh-CN"])).toEqual(stored);
  });

  test("is what the browser wishes where the account keeps nothing", () => {
    expect(lookOf(nothing, undefined, ["zh-CN", "en"])).toEqual({
      language: "zh-CN",
      theme: "dark",
    });
    expect(lookOf(nothing, undefined, ["en-AU"])).toMatchObject({ language: "en" });
  });
});

describe("a choice before signing in", () => {
  test("adds to the one before, and is there until it is forgotten", () => {
    const storage = memory();
    keepChosen(storage, { language: "zh-CN" });
    keepChosen(storage, { theme: "light" });

    expect(chosenBefore(storage)).toEqual({ language: "zh-CN", theme: "light" });
    forgetChosen(storage);
    expect(chosenBefore(storage)).toBeUndefined();
  });

  test.each(["{", "7", '{"language":"tlh"}'])("that reads %s is none", (text) => {
    const storage = memory();
    storage.setItem("sunledger.chosen", text);

    expect(chosenBefore(storage)).toBeUndefined();
  });
});

test("the sign-in page is shown in what was shown last, else in what the browser wishes", () => {
  const storage = memory();

  expect(rememberedLanguage(storage, ["zh-TW"])).toBe("zh-CN");
  rememberLanguage(storage, "en");
  expect(rememberedLanguage(storage, ["zh-TW"])).toBe("en");
});

function memory(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as Storage;
}
