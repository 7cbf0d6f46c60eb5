import { OperatingState } from "@sunledger/model";
import { expect, test } from "vitest";
import en from "../locales/en/kit.json";
import zh from "../locales/zh-CN/kit.json";
import { stateWords } from "./state-words.ts";

const known = { common: "发电", label: "Generating, MPP tracking", code: "4" };

test("a Chinese reader reads the shared word, and finds the maker's beside the code", () => {
  expect(stateWords({ ...known, language: "zh-CN" })).toEqual({
    text: "发电",
    title: "4 · Generating, MPP tracking",
  });
});

test("an English reader reads the maker's words, which say more", () => {
  expect(stateWords({ ...known, language: "en", common: "Generating" })).toEqual({
    text: "Generating, MPP tracking",
    title: "4 · Generating",
  });
});

test("a state that makers do not share is told in the maker's words", () => {
  const own = { language: "zh-CN", common: undefined, label: "Relay closed", code: "51" };

  expect(stateWords(own)).toEqual({ text: "Relay closed", title: "51" });
});

test.each(OperatingState.options)(
  "%s has a word in both languages, of its own in Chinese",
  (state) => {
    const words = [en, zh].map((texts) => new Map(Object.entries(texts)).get(`operating.${state}`));

    expect(words[0]).toMatch(/^[A-Z][a-z ]+$/);
    expect(words[1]).toMatch(/^[\u4e00-\u9fff]+$/);
  },
);
