import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

type Chunk = {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
};

const dashboard = fileURLToPath(new URL("../../dashboard/", import.meta.url));
const kibibyte = 1_024;

/** What is loaded before anything is seen, besides the screen itself. */
const frame = [
  "index.html",
  "src/app/page.tsx",
  "src/app/shell/shell.tsx",
  "src/locales/en/app.json",
  "src/locales/en/kit.json",
];

describe("the built dashboard", () => {
  const folder = mkdtempSync(join(tmpdir(), "sunledger-budget-"));
  let manifest: Readonly<Record<string, Chunk>>;

  beforeAll(async () => {
    // In a process of its own: the test runner's environment would bring the slow half of React along.
    await promisify(execFile)("npx", ["vite", "build", "--outDir", folder, "--logLevel", "error"], {
      cwd: dashboard,
      env: { ...process.env, NODE_ENV: "production" },
    });
    manifest = JSON.parse(readFileSync(join(folder, ".vite/manifest.json"), "utf8"));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ["overview", 250, ["src/plants/overview/overview.tsx", "src/locales/en/overview.json"]],
    [
      "plant",
      330,
      ["src/plants/plant/plant.tsx", "src/locales/en/plant.json", "src/locales/en/points.json"],
    ],
    [
      "device",
      330,
      ["src/devices/device.tsx", "src/locales/en/device.json", "src/locales/en/points.json"],
    ],
  ])("opens the %s screen with at most %d KiB of script and 30 KiB of style", (_, most, parts) => {
    const files = loadedBy([...frame, ...parts]);

    expect(compressed(files, ".js")).toBeLessThanOrEqual(most);
    expect(compressed(files, ".css")).toBeLessThanOrEqual(30);
  });

  test("does not load the charts with the overview", () => {
    const overview = loadedBy([...frame, "src/plants/overview/overview.tsx"]);
    const scripts = overview.filter((file) => file.endsWith(".js"));

    expect(
      scripts.filter((file) => readFileSync(join(folder, file), "utf8").includes("u-over")),
    ).toEqual([]);
  });

  test("loads the calendar only when a day is asked for", () => {
    const device = loadedBy([...frame, "src/devices/device.tsx"]);

    expect(
      loadedBy(["src/kit/day-calendar.tsx"]).filter((file) => !device.includes(file)),
    ).not.toEqual([]);
    expect(device).not.toContain(manifest["src/kit/day-calendar.tsx"]?.file);
  });

  /** The files that the parts and everything they import are made of. */
  function loadedBy(parts: readonly string[]): string[] {
    const files = new Set<string>();
    const visited = new Set<string>();
    const visit = (part: string) => {
      if (visited.has(part)) return;
      visited.add(part);
      const chunk = manifest[part];
      if (!chunk) throw new Error(`the build has no ${part}`);
      files.add(chunk.file);
      for (const file of chunk.css ?? []) files.add(file);
      for (const next of chunk.imports ?? []) visit(next);
    };
    for (const part of parts) visit(part);
    return [...files];
  }

  function compressed(files: readonly string[], ending: string): number {
    const sizes = files
      .filter((file) => file.endsWith(ending))
      .map((file) => gzipSync(readFileSync(join(folder, file))).length);
    return sizes.reduce((sum, size) => sum + size, 0) / kibibyte;
  }
});
