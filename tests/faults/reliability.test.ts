import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { isStale } from "./declared-in.ts";
import { lastResults } from "./last-results.ts";
import { duties, faults, soakRow } from "./reliability-table.ts";
import { renderReliability } from "./render-reliability.ts";
import type { Growth } from "./watch-memory.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const textOf = (file: string) => readFileSync(join(root, file), "utf8");

const named = [...new Set([...duties, ...faults].flatMap(({ tests }) => tests))];

describe("the page of what holds", () => {
  test("has every duty of the delivery contract, in its order", () => {
    const promised = [...textOf("docs/delivery.md").matchAll(/^\| (D-\d+) \|/gm)].map(
      ([, code]) => code,
    );

    expect(promised.length).toBeGreaterThan(10);
    expect(duties.map(({ code }) => code)).toEqual(promised);
  });

  test("has every fault, in its order", () => {
    const codes = [...faults, soakRow].map(({ code }) => code);

    expect(codes).toEqual(Array.from({ length: 25 }, (_, i) => `F${i + 1}`));
  });

  test("names files that are there, and says of a row without one what is not built", () => {
    const rows = [...duties, ...faults];
    const absent = rows
      .flatMap(({ tests }) => tests)
      .filter((file) => !existsSync(join(root, file)));
    const silent = rows.filter(({ tests, open }) => tests.length === 0 && !open);

    expect([absent, silent]).toEqual([[], []]);
  });

  test("says how the tests of a row were run, and aloud that one failed", () => {
    const [first = "", ...others] = duties[0]?.tests ?? [];
    const at = "2026-01-02T03:04:05.000Z";
    const result = { at, seed: 7, passed: 3, failed: 1, skipped: 0, exempt: 2, seconds: 41 };
    const page = renderReliability({
      files: { [first]: { ...result, extent: "short" } },
      whole: { [first]: { ...result, extent: "full", failed: 0, exempt: 0, seconds: 400 } },
    });

    expect(others.length).toBeGreaterThan(0);
    expect(page).toContain(
      [
        "| 3 passed, **1 failed**, 2 without a disk to mount, short, seed 7, 41 s, 2026-01-02; ",
        "3 passed, full, seed 7, 400 s, 2026-01-02; ",
        `${others.length} files not run |`,
      ].join(""),
    );
  });

  test("tells of a soak by how much memory grew, or that it was too short to tell", () => {
    const at = "2026-01-02T03:04:05.000Z";
    const told = {
      at,
      hours: 8,
      broker: "aedes",
      seed: 7,
      faults: 9,
      frames: 9,
      compared: 9,
    } as const;
    const soakOf = (growth: Readonly<Record<string, Growth>>) =>
      renderReliability({ files: {}, whole: {}, soak: { ...told, wrong: 0, growth } });

    const grown = { ingest: { hours: 2.7, slope: 0.12 }, store: { hours: 2.7, slope: 0.314 } };
    expect(soakOf(grown)).toContain("nothing wrong, memory by 0.31 MB/h at most, 2026-01-02");
    expect(soakOf({ ingest: { hours: 0.2 } })).toContain("too short to judge growth by");
  });

  test("has a result of each file, in which nothing failed or was skipped", () => {
    const { files } = lastResults();

    expect(named.filter((file) => !files[file])).toEqual([]);
    const run = named.flatMap((file) => files[file] ?? []);
    expect(run.filter(({ passed, exempt }) => passed + exempt === 0)).toEqual([]);
    expect(run.filter(({ failed, skipped }) => failed + skipped > 0)).toEqual([]);
  });

  // Those beside the sources run with every suite: these are what the page stands for.
  test("rests on all tests of whole houses that there are now: npm run reliability -- --stale", () => {
    const { files, whole } = lastResults();
    const ofHouses = named.filter((file) => file.startsWith("tests/"));

    expect(ofHouses.filter((file) => isStale(file, files[file]))).toEqual([]);
    const wholly = Object.entries(whole);
    expect(wholly.filter(([, { failed, skipped }]) => failed + skipped > 0)).toEqual([]);
  });

  test("rests on a pipe that came through its short schedule on both brokers within five minutes", () => {
    const seconds = lastResults().files["tests/faults/pipe-under-faults.test.ts"]?.seconds;

    expect(seconds).toBeGreaterThan(30);
    expect(seconds).toBeLessThan(300);
  });

  test("is the one that the table and the last results give", () => {
    expect(textOf("docs/reliability.md")).toBe(renderReliability(lastResults()));
  });
});
