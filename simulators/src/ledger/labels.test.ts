import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type LedgerLabel, openLabels, readLabels } from "./labels.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sunledger-labels-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const label = (until: number, lostWh: number): LedgerLabel => ({
  id: "string-open.INV-01",
  kind: "string-open",
  device: "INV-01",
  start: 1_000,
  end: 9_000,
  until,
  lostWh,
});
const lines = async () =>
  (await readFile(join(folder, "p.labels.jsonl"), "utf8")).split("\n").filter(Boolean);

test("a label is written when it is new and when it is over, and between only on request", async () => {
  const book = openLabels(folder, "p");
  await book.write([label(1_000, 0)]);
  await book.write([label(5_000, 40)]);
  expect(await lines()).toHaveLength(1);
  await book.write([label(6_000, 50)], true);
  expect(await readLabels(folder, "p")).toEqual([label(6_000, 50)]);
  await book.write([label(9_000, 80)]);
  await book.write([label(9_000, 80)], true);

  expect(await lines()).toHaveLength(3);
  expect(await readLabels(folder, "p")).toEqual([label(9_000, 80)]);
});

test("what could not be written is written the next time", async () => {
  const place = join(folder, "later");
  await writeFile(place, "");
  const book = openLabels(place, "p");
  await expect(book.write([label(9_000, 80)])).rejects.toThrow();
  await rm(place);
  await book.write([label(9_000, 80)]);

  expect(await readLabels(place, "p")).toEqual([label(9_000, 80)]);
});

test("what is counted behind the end of a label is written too", async () => {
  const book = openLabels(folder, "p");
  await book.write([label(9_000, 80)]);
  await book.write([label(9_500, 85)]);
  await book.write([label(9_500, 85)], true);

  expect(await lines()).toHaveLength(2);
  expect(await readLabels(folder, "p")).toEqual([label(9_500, 85)]);
});

test("a later run goes on behind a line that was cut off", async () => {
  await openLabels(folder, "p").write([label(1_000, 0)]);
  await appendFile(join(folder, "p.labels.jsonl"), '{"v":1,"id":"str');
  await openLabels(folder, "p").write([label(9_000, 80)]);

  expect(await readLabels(folder, "p")).toEqual([label(9_000, 80)]);
});

test("what goes on is ended where it was told of last, or later where more is known", async () => {
  const open = (id: string) => ({ id, kind: "curtailment", start: 1_000, until: 4_000, lostWh: 7 });
  await openLabels(folder, "p").write([open("a"), open("b"), label(5_000, 40)]);
  const book = openLabels(folder, "p");
  await book.end(({ id }) => id === "a", 0);
  await book.end(({ id }) => id !== "a", 6_000);
  await book.end(() => true, 8_000);

  expect(await readLabels(folder, "p")).toEqual([
    { ...open("a"), end: 4_000 },
    { ...open("b"), end: 6_000, until: 6_000 },
    label(5_000, 40),
  ]);
});

test("where nothing was the matter there are none", async () => {
  await openLabels(folder, "p").write([], true);

  expect(await readLabels(folder, "p")).toEqual([]);
});
