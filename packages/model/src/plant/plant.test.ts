import { expect, test } from "vitest";
import { LocalText } from "./plant.ts";

test.each([{ en: "East\u0000roof" }, { en: "East roof", zh: "东\u0000屋顶" }])(
  "a name with a zero character is refused by a sentence: %j",
  (name) => {
    expect(LocalText.safeParse(name).error?.issues).toMatchObject([
      { message: "has a zero character, which no database keeps" },
    ]);
  },
);

test("a name has every other character", () => {
  const name = { en: "East\troof \u{1f31e}", zh: "东屋顶" };
  expect(LocalText.parse(name)).toEqual(name);
});
