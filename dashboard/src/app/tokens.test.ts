import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { deviationLook } from "../plants/plant/deviation.ts";

const css = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");
const themes = ["dark", "grey", "light"] as const;

/** Pairs that carry text: 4.5:1. */
const texts: readonly (readonly [string, string])[] = [
  ...["--fg", "--fg2", "--fg3", "--val", "--acc", "--stale"].map(
    (ink) => [ink, "--panel"] as const,
  ),
  ...["--fg", "--fg2", "--val"].map((ink) => [ink, "--panel2"] as const),
  ...["--fg", "--fg2", "--val"].map((ink) => [ink, "--bg"] as const),
  ["--val", "--acc-bg"],
];

/** Glyphs, borders of controls and curves: 3:1. */
const shapes: readonly (readonly [string, string])[] = [
  ["--line-strong", "--panel"],
  ["--line-strong", "--bg"],
  ["--flow", "--panel"],
  ["--acc", "--panel"],
  ["--bad", "--panel"],
  ...["--s1", "--s2", "--s3", "--s4", "--s5", "--s6"].map((line) => [line, "--panel"] as const),
];

describe.each(themes)("the %s theme", (theme) => {
  const tokens = tokensOf(theme);

  test.each(texts)("is readable: %s on %s", (ink, ground) => {
    expect(contrast(tokens, ink, ground)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(shapes)("is told apart: %s on %s", (shape, ground) => {
    expect(contrast(tokens, shape, ground)).toBeGreaterThanOrEqual(3);
  });

  test("is readable on every colour of a deviation", () => {
    for (let deviation = -0.3; deviation <= 0.15; deviation += 0.001) {
      const { background, deep } = deviationLook(deviation);
      const [, token = "", share = "0"] = /var\((--dev-\w+)\) (\d+)%/.exec(background) ?? [];
      const ground = mixed(tokens.get(token) ?? "", tokens.get("--dev-mid") ?? "", Number(share));
      const ink = tokens.get(deep ? "--dev-deep-ink" : "--dev-ink") ?? "";

      expect([deviation, ratio(ink, ground) >= 4.5]).toEqual([deviation, true]);
    }
  });

  test("has every token of the others", () => {
    expect([...tokens.keys()].sort()).toEqual([...tokensOf("dark").keys()].sort());
  });
});

test("colours stand in the tokens and nowhere else", () => {
  const folder = join(import.meta.dirname, "..");
  const raw = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(css|tsx?)$/.test(file))
    .filter((file) => !file.endsWith("tokens.css") && !file.includes(".test."))
    .filter((file) =>
      /#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(/i.test(readFileSync(join(folder, file), "utf8")),
    );

  expect(raw).toEqual([]);
});

function tokensOf(theme: string): Map<string, string> {
  const block = new RegExp(`\\[data-theme="${theme}"\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? "";
  return new Map(
    [...block.matchAll(/(--[\w-]+): (#[0-9a-f]{6});/g)].map(([, name = "", colour = ""]) => [
      name,
      colour,
    ]),
  );
}

/** The ratio of WCAG 2.2 between two tokens. */
function contrast(tokens: Map<string, string>, one: string, other: string): number {
  return ratio(tokens.get(one) ?? "", tokens.get(other) ?? "");
}

function ratio(one: string, other: string): number {
  const [a, b] = [one, other].map(luminance);
  const [light, dark] = [Math.max(a ?? 0, b ?? 0), Math.min(a ?? 0, b ?? 0)];
  return (light + 0.05) / (dark + 0.05);
}

/** `share` percent of one colour in another, as `color-mix` in sRGB does. */
function mixed(one: string, other: string, share: number): string {
  const channels = [1, 3, 5].map((at) => {
    const [a, b] = [one, other].map((colour) => Number.parseInt(colour.slice(at, at + 2), 16));
    return Math.round(((a ?? 0) * share + (b ?? 0) * (100 - share)) / 100);
  });
  return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
