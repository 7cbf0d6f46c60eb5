// @vitest-environment happy-dom
import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { rendered } from "../kit/testing/rendered.tsx";
import { SetBits } from "./set-bits.tsx";

afterEach(cleanup);

const bits = {
  1: { label: "Licence expired", severity: "warning", code: 2_066 },
  4: { label: "Grid lost", severity: "major", code: 2_032 },
  6: { label: "On grid" },
} as const;

test.each([
  ["en", ["Grid lost major", "Licence expired warning", "bit 0", "On grid"]],
  ["zh-CN", ["Grid lost 重要", "Licence expired 警告", "第0位", "On grid"]],
] as const)("names what is set, the gravest first, in %s", async (language, words) => {
  await rendered(<SetBits value={0b101_0011} bits={bits} />, language);

  const items = screen.getAllByRole("listitem");
  expect(items.map(({ textContent }) => textContent)).toEqual(words);
  expect(items[0]?.title).toBe("2032");
});

test.each([null, 0])("of %s there is nothing to say", async (value) => {
  await rendered(<SetBits value={value} bits={bits} />, "en");

  expect(screen.queryByRole("list")).toBeNull();
});
